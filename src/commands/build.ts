/** `elocute build`: the builds of the worker, and which of them is given work. */
import type { Command } from 'commander';
import {
  BuildRefused,
  listBuilds,
  makeBuildCurrent,
  rampBuild,
  type Builds,
} from '../adapters/temporal-builds.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER, openTemporal } from './command-environment.ts';
import { UnavailableError, UsageError } from './exit-codes.ts';

interface BuildOptions {
  json?: boolean;
  none?: boolean;
  data: string;
}

const ACTIONS = ['list', 'current', 'ramp'] as const;

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('list the builds of the worker, or say which of them is given work')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[id]', 'current, ramp: the WORKER_BUILD_ID of a worker that runs')
    .argument('[percent]', 'ramp: part of the workflows; 0 takes it back')
    .option('--none', 'current: workers without a build, as before there was any')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print JSON on standard output')
    .addHelpText(
      'after',
      `
Start the workers of a build first: the server refuses one that it has seen no workers of, or none
on a task queue in use. docs/change-a-workflow.md says more.

Examples:
  elocute build list
  elocute build ramp 2026-11-24.3f9c1d2 10
  elocute build current 2026-11-24.3f9c1d2`,
    )
    .action(build);
}

async function build(
  action: string,
  id: string | undefined,
  percent: string | undefined,
  options: BuildOptions,
): Promise<void> {
  const change = changeOf(action, { id, percent, none: options.none === true });
  const { config } = commandEnvironment(options.data);
  const { WORKER_DEPLOYMENT: deployment } = config;
  const client = await openTemporal(config);
  try {
    if (change !== null) await change(client, deployment);
    const builds = await listBuilds(client, deployment);
    const text = options.json === true ? JSON.stringify(builds) : describeBuilds(builds);
    process.stdout.write(`${text}\n`);
  } catch (error) {
    if (error instanceof BuildRefused) throw new UnavailableError(error.message, { cause: error });
    throw error;
  } finally {
    await client.connection.close();
  }
}

type Change = (client: Parameters<typeof listBuilds>[0], deployment: string) => Promise<void>;

/** Null: nothing is changed, it is only listed. */
export function changeOf(
  action: string,
  { id, percent, none }: { id: string | undefined; percent: string | undefined; none: boolean },
): Change | null {
  switch (ACTIONS.find((name) => name === action)) {
    case 'list':
      if (id !== undefined || none)
        throw new UsageError('`list` takes neither a build nor --none.');
      return null;
    case 'current':
      if ((id === undefined) !== none || percent !== undefined) {
        throw new UsageError('`current` takes one build, or --none. Example: current 3f9c1d2');
      }
      return (client, deployment) => makeBuildCurrent(client, deployment, id ?? null);
    case 'ramp': {
      const share = Number(percent);
      const isShare = /^\d+(\.\d+)?$/.test(percent ?? '') && share <= 100;
      if (id === undefined || none || !isShare) {
        throw new UsageError('`ramp` takes a build and a percentage. Example: ramp 3f9c1d2 10');
      }
      return (client, deployment) => rampBuild(client, deployment, { buildId: id, percent: share });
    }
    case undefined:
      throw new UsageError(`"${action}" is none of ${ACTIONS.join(', ')}.`);
  }
}

/** A line a build; above them what gets the work. */
export function describeBuilds(builds: Builds | null): string {
  if (builds === null) return 'No worker with a WORKER_BUILD_ID has been seen: versioning is off.';
  const { deployment, current } = builds;
  const width = Math.max(...builds.builds.map(({ buildId }) => buildId.length), 0);
  return [
    current === null
      ? `${deployment}: no build is current, so only workers without a build are given work.`
      : `${deployment}: ${current} is current.`,
    ...builds.builds.map(({ buildId, status, rampPercent, createdAt }) => {
      const share = rampPercent === null ? '' : ` ${rampPercent} %`;
      const since = createdAt === null ? '' : `first seen ${createdAt.slice(0, 16)}Z`;
      return `  ${buildId.padEnd(width)}  ${`${status}${share}`.padEnd(14)} ${since}`.trimEnd();
    }),
  ].join('\n');
}
