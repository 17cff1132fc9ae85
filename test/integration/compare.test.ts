import assert from 'node:assert/strict';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Database } from '../../src/adapters/postgres.ts';
import { compareFile } from '../../src/commands/compare.ts';
import type { ComparedOutputs } from '../../src/commands/compare-text.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { keepScoring, originalLine, type KeptScoring } from '../support/kept-scorings.ts';
import { runCommand } from '../support/run-command.ts';
import { freshDatabase, temporaryFolder } from '../support/services.ts';

const never = new AbortController().signal;
const BUCKET = 'user-audio-file';

describe('elocute compare', function () {
  this.timeout(120_000);
  let database: Database;
  let url: string;
  const kept: KeptScoring[] = [];
  const folder = temporaryFolder('compare');

  function fileOf(lines: readonly string[]): string {
    const file = join(folder, 'original.jsonl');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }

  function elocute(args: readonly string[], flags: readonly string[] = []) {
    const command = [...flags, '--import', 'tsx', 'src/cli.ts', 'compare', ...args];
    return runCommand(process.execPath, command, {
      environment: { DATABASE_URL: url, NO_COLOR: '1' },
    });
  }

  async function failAs(id: string, status: 'failed' | 'superseded', code: string) {
    await database.query(
      `update elocute.scoring set status = $2, failure_code = $3, failure_message = 'scripted',
         result = null where id = $1`,
      [id, status, code],
    );
  }

  before(async () => {
    ({ database, url } = await freshDatabase());
    for (const index of [0, 1, 2, 3, 4, 5]) kept.push(await keepScoring(database, { index }));
  });

  const at = (index: number): KeptScoring => {
    const one = kept[index];
    assert.ok(one);
    return one;
  };

  it('joins by key, and finds what is the same and what differs', async () => {
    const file = fileOf(kept.map((one, index) => originalLine(one, index === 2 ? -0.5 : 0)));
    const compared = await compareFile(database, { bucket: BUCKET }, file, never);
    assert.equal(compared.comparison.pairs, 6);
    assert.deepEqual([compared.unscored, compared.onlyHere.count], [[], 0]);
    const figure = (name: string) =>
      compared.comparison.figures.find((one) => one.figure === name) ?? assert.fail(name);
    const pitch = figure('pitchSimilarity');
    assert.equal(pitch.n, 6);
    assert.deepEqual(
      pitch.largest.map(({ scoringId }) => scoringId),
      [at(2).id],
    );
    assert.ok(Math.abs((pitch.meanDifference ?? 0) - 0.5 / 6) < 1e-9);
    assert.ok(Math.abs((figure('speedRatio').correlation ?? 0) - 1) < 1e-9);
    const rhythm = figure('rhythmSimilarity');
    assert.deepEqual([rhythm.n, rhythm.onlyOurs], [0, 6], 'the original never computed it');
    assert.equal(compared.comparison.mispronouncedWords.same, 6);
  });

  it('takes the last line of a recording, and the last version that is scored here', async () => {
    const halved = (result: ScoringResult) => ({ ...result, speedRatio: 0.125 });
    const again = await keepScoring(database, { index: 5, older: halved });
    assert.equal(again.object.key, at(5).object.key);
    try {
      const file = fileOf([originalLine(at(5), 0.3), originalLine(at(4)), originalLine(at(5), 0)]);
      const { comparison, repeated } = await compareFile(database, { bucket: BUCKET }, file, never);
      assert.deepEqual([comparison.pairs, repeated], [2, 1]);
      const [pitch, , speed] = comparison.figures;
      assert.deepEqual(pitch?.largest, [], 'the line with 0.3 does not count');
      assert.deepEqual(
        speed?.largest.map(({ scoringId, ours }) => [scoringId, ours]),
        [[again.id, 0.125]],
      );
    } finally {
      await database.query('delete from elocute.scoring where id = $1', [again.id]);
    }
  });

  it('names what is missing on either side, by line or by id', async () => {
    const failed = await keepScoring(database, { index: 6 });
    const superseded = await keepScoring(database, { index: 7 });
    await failAs(failed.id, 'failed', 'AUDIO_DAMAGED');
    await failAs(superseded.id, 'superseded', 'UPLOAD_GONE');
    const unknown = originalLine({
      ...at(0),
      object: { ...at(0).object, key: 'user-audio-file/x.wav' },
    });
    const file = fileOf([
      originalLine(at(0)),
      unknown,
      originalLine(failed),
      '',
      originalLine(superseded),
    ]);
    const compared = await compareFile(database, { bucket: BUCKET }, file, never);
    assert.equal(compared.comparison.pairs, 1);
    assert.deepEqual(compared.unscored, [
      { status: 'failed', code: 'AUDIO_DAMAGED', count: 1, lines: [3] },
      { status: 'superseded', code: 'UPLOAD_GONE', count: 1, lines: [5] },
      { status: 'unknown', code: null, count: 1, lines: [2] },
    ]);
    assert.equal(compared.onlyHere.count, 5);
    assert.deepEqual(
      [...compared.onlyHere.scoringIds].sort(),
      [1, 2, 3, 4, 5].map((index) => at(index).id).sort(),
    );
    const elsewhere = await compareFile(database, { bucket: 'another' }, file, never);
    assert.deepEqual([elsewhere.comparison.pairs, elsewhere.onlyHere.count], [0, 0]);
  });

  it('leaves out what was scored at another time', async () => {
    await database.query(
      `update elocute.scoring set finished_at = '2020-01-02T00:00:00Z' where id = $1`,
      [at(0).id],
    );
    const file = fileOf([originalLine(at(0)), originalLine(at(1))]);
    const here = { bucket: BUCKET, since: '2020-02-01T00:00:00Z' };
    const later = await compareFile(database, here, file, never);
    assert.equal(later.comparison.pairs, 1);
    assert.deepEqual(later.unscored, [{ status: 'completed', code: null, count: 1, lines: [1] }]);
    const until = { bucket: BUCKET, until: '2020-02-01T00:00:00Z' };
    const earlier = await compareFile(database, until, file, never);
    assert.deepEqual([earlier.comparison.pairs, earlier.onlyHere.count], [1, 0]);
  });

  it('as a command skips and names what it cannot read, and prints no key', async () => {
    const file = fileOf([originalLine(at(1)), '{"audio_file": ', originalLine(at(2), -0.5), '[]']);
    const shown = await elocute([file]);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stderr, /^line 2: not JSON; skipped\nline 4: not an object; skipped$/m);
    assert.match(shown.stdout, /^2 recordings compared; 4 lines read, 2 skipped\.$/m);
    assert.match(
      shown.stdout,
      new RegExp(`^\\| pitchSimilarity \\| ${at(2).id.slice(0, 12)} `, 'm'),
    );
    const json = await elocute([file, '--json', '--since', '2020-01-01']);
    const compared = JSON.parse(json.stdout) as ComparedOutputs;
    assert.equal(compared.comparison.pairs, 2);
    assert.deepEqual(compared.malformed.lines, [
      { line: 2, why: 'not JSON' },
      { line: 4, why: 'not an object' },
    ]);
    for (const { stdout, stderr } of [shown, json]) {
      assert.ok(!`${stdout}${stderr}`.includes('user-audio-file'));
      assert.ok(!`${stdout}${stderr}`.includes('482/'));
    }
    const left = await database.query(`select 1 from pg_class where relname = 'original_output'`);
    assert.deepEqual(left, [], 'nothing is left in the database');
  });

  it('as a command says by its exit code that nothing could be compared, or why it cannot', async () => {
    const nothing = await elocute([fileOf(['{}'])]);
    assert.equal(nothing.code, 1, nothing.stderr);
    const missing = await elocute([join(folder, 'missing.jsonl')]);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /^There is no file .*missing\.jsonl\.$/m);
    const folderGiven = await elocute([folder]);
    assert.equal(folderGiven.code, 2);
    const noTime = await elocute([fileOf([originalLine(at(1))]), '--since', 'yesterday']);
    assert.equal(noTime.code, 2);
    const { code } = await runCommand(
      process.execPath,
      ['--import', 'tsx', 'src/cli.ts', 'compare', fileOf([originalLine(at(1))])],
      { environment: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' } },
    );
    assert.equal(code, 3);
  });

  it('needs no memory for the size of the file', async () => {
    const file = join(folder, 'large.jsonl');
    const stream = createWriteStream(file);
    // 200,000 lines of 500 characters, then one of 100 MB that is none.
    const padding = 'x'.repeat(350);
    for (let page = 0; page < 200; page += 1) {
      const lines = Array.from({ length: 1000 }, (_, k) =>
        JSON.stringify({
          audio_file: `user-audio-file/${page}/novel/level_1/T/audio_line_${k}.wav`,
          pitch_similarity: 0.99,
          mispronounced_words: [padding],
        }),
      );
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
    }
    for (let part = 0; part < 100; part += 1) {
      if (!stream.write('y'.repeat(1_000_000))) await once(stream, 'drain');
    }
    stream.end(`\n${originalLine(at(1))}\n`);
    await once(stream, 'close');
    const { code, stdout, stderr } = await elocute([file, '--json'], ['--max-old-space-size=96']);
    assert.equal(code, 0, stderr.slice(-2000));
    const compared = JSON.parse(stdout) as ComparedOutputs;
    assert.deepEqual(
      [compared.lines, compared.malformed.count, compared.comparison.pairs],
      [200_002, 1, 1],
    );
    assert.deepEqual(
      compared.unscored.map(({ status, count }) => [status, count]),
      [['unknown', 200_000]],
    );
  });
});
