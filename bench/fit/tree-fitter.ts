/** Boosted trees by scikit-learn, in a Python process that only sees matrices. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  predictTrees,
  type Tree,
  type TreeEnsemble,
} from '../../src/scoring/model/tree-ensemble.ts';

const SCRIPT = fileURLToPath(new URL('fit_trees.py', import.meta.url));

/** Inputs are rounded to this many decimals, so that thresholds can lie between two of them. */
const INPUT_DECIMALS = 6;
/** Rounded leaves of all trees differ by less than this from what scikit-learn predicts. */
const TOLERANCE = 1e-6;

export interface TreeFitter {
  versions: { python: string; scikitLearn: string; numpy: string };
  /** The furthest that our evaluation was from scikit-learn's, over all rows of all fits. */
  disagreement(): number;
  /** One at a time. Throws where our evaluation of the trees is not scikit-learn's. */
  fit(inputs: readonly number[][], targets: readonly number[], seed: number): Promise<TreeEnsemble>;
  close(): Promise<void>;
}

interface Answer {
  base: number;
  trees: Tree[];
  predictions: number[];
}

/** `python`: an interpreter that has what requirements.txt names. */
export async function openTreeFitter(python: string): Promise<TreeFitter> {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  // Reported with the answer that is missing, see below.
  exited.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`${python} ended with ${await exited}`);
    return JSON.parse(line.value) as unknown;
  };
  let furthest = 0;
  return {
    versions: (await answer()) as TreeFitter['versions'],
    disagreement: () => furthest,
    async fit(inputs, targets, seed) {
      const rounded = inputs.map((row) =>
        row.map((value) => Number(value.toFixed(INPUT_DECIMALS))),
      );
      const columns = rounded[0]?.length ?? 0;
      child.stdin.write(`${JSON.stringify({ rows: rounded.length, columns, seed })}\n`);
      child.stdin.write(matrixOf(rounded, targets));
      const { base, trees, predictions } = (await answer()) as Answer;
      for (const [at, row] of rounded.entries()) {
        const apart = Math.abs(predictTrees({ base, trees }, row) - (predictions[at] ?? NaN));
        furthest = Math.max(furthest, apart);
        if (!(apart <= TOLERANCE)) {
          throw new Error(`row ${at}: our trees predict ${apart} beside scikit-learn's`);
        }
      }
      return { base, trees };
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

/** Row by row, the target last; little-endian, as every machine that Node runs on. */
function matrixOf(inputs: readonly number[][], targets: readonly number[]): Buffer {
  const rows = inputs.map((row, at) => [...row, targets[at] ?? NaN]);
  return Buffer.from(Float64Array.from(rows.flat()).buffer);
}
