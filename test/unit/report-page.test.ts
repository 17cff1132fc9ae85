import assert from 'node:assert/strict';
import { gradeOf, soundGradeOf } from '../../src/report/grades.ts';
import { labelRows } from '../../src/report/label-rows.ts';
import { markup, scriptJson } from '../../src/report/markup.ts';
import { melodyLines } from '../../src/report/melody-section.ts';
import { readPieces, writePieces } from '../../src/report/pieces.ts';
import { renderReport } from '../../src/report/render-report.ts';
import type { ReportData, StoredResult } from '../../src/report/report-data.ts';
import { policyOf } from '../../src/report/report-policy.ts';
import { reportWords } from '../../src/report/report-words.ts';
import { wordLabels } from '../../src/report/word-labels.ts';
import { overrideScores } from '../../src/scoring/override-scores.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { failedReport, GOOD, lessonReport, OFF_SCRIPT, POOR } from '../support/report-data.ts';

const HOSTILE = `<img src=x onerror="document.title='owned'">'"&</script><script>alert(1)</script>`;

/** Without styles, code and data: what is shown. */
function shownOf(page: string): string {
  return page
    .replace(/<(style|script)\b[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('markup from templates', () => {
  it('escapes text in content and in attributes', () => {
    const { text } = markup`<p title="${HOSTILE}">${HOSTILE}</p>`;
    assert.doesNotMatch(text, /<img|<script|onerror="/);
    assert.equal(markup`<b>${'&<>"\''}</b>`.text, '<b>&amp;&lt;&gt;&quot;&#39;</b>');
  });

  it('takes markup only from a template, never from an object that looks like it', () => {
    const fake = JSON.parse('{"text":"<img src=x>"}') as ReturnType<typeof markup>;
    assert.throws(() => markup`<p>${fake}</p>`, TypeError);
    assert.equal(markup`<p>${[markup`<b>${1}</b>`, null, 'a']}</p>`.text, '<p><b>1</b>a</p>');
  });

  it('writes JSON that ends neither the script element nor a line of it', () => {
    const value = { a: '</script><!--', b: 'x\u2028y\u2029z', c: '&amp;' };
    const { text } = scriptJson(value);
    assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
    assert.deepEqual(JSON.parse(text), value);
  });
});

describe('the report page', () => {
  it('shows titles and sentences as text, in every place', () => {
    const report = lessonReport(POOR);
    const { scoring } = report;
    const hostile: ReportData = {
      ...report,
      scoring: {
        ...scoring,
        sentence: `${HOSTILE} ${scoring.sentence ?? ''}`,
        lesson: { ...scoring.lesson, title: HOSTILE, contentType: HOSTILE },
      },
      result: report.result && {
        ...report.result,
        words: report.result.words.map((word) => ({ ...word, text: HOSTILE, heard: HOSTILE })),
        versions: { ...report.result.versions, formula: HOSTILE } as never,
      },
    };
    for (const language of ['en', 'ko'] as const) {
      const page = renderReport(hostile, language);
      assert.doesNotMatch(page, /<img/);
      assert.equal(page.match(/<script/g)?.length, 2);
      assert.match(page, /&lt;img src=x onerror=&quot;/);
    }
  });

  it('says "not measured" where there is no figure, and never 0', () => {
    const report = lessonReport(GOOD);
    assert.ok(report.result);
    const page = renderReport(
      {
        ...report,
        result: {
          ...report.result,
          overall: null,
          prosody: null,
          completeness: null,
          pitchSimilarity: null,
          speedRatio: null,
          fluencyFigures: null,
        },
      },
      'en',
    );
    const shown = shownOf(page);
    assert.match(shown, /Overall not measured/);
    assert.match(shown, /Prosody rhythm and melody not measured/);
    assert.match(shown, /Completeness how much of the sentence you said not measured/);
    assert.match(shown, /Melody like the standard not measured/);
    assert.match(shown, /Speech rate not measured/);
    assert.doesNotMatch(page, /class="bar-value" width="0"/);
  });

  it('shows the overall score, four others, and the first three pieces of advice before all else', () => {
    const report = lessonReport(POOR);
    const shown = shownOf(renderReport(report, 'en'));
    const places = [
      `Overall ${String(report.result?.overall)}`,
      'Accuracy',
      'Completeness',
      report.result?.feedback.advice[0]?.text.en ?? '?',
      report.result?.feedback.advice[2]?.text.en ?? '?',
      'Your sentence, word by word',
      'How is this computed?',
    ].map((text) => shown.indexOf(text.replaceAll('"', '&quot;')));
    assert.ok(
      places.every((place, at) => place > (places[at - 1] ?? 0)),
      String(places),
    );
  });

  it('says of an attempt that was not scored what happened and what to do, without any score', () => {
    const report = lessonReport(OFF_SCRIPT);
    const page = renderReport(report, 'en');
    const shown = shownOf(page);
    assert.match(shown, /This was another sentence/);
    assert.match(shown, /read the whole sentence and record it again/);
    assert.doesNotMatch(shown, /Your scores|Overall|of 100/);
    assert.match(page, /data-play="learner"/);
  });

  it('has a page for a failed scoring, and for one that was superseded', () => {
    const failed = shownOf(renderReport(failedReport(), 'en'));
    assert.match(failed, /There is no score yet/);
    assert.match(failed, /Your recording is safe/);
    assert.match(failed, /STANDARD_MISSING/);
    assert.doesNotMatch(failed, /Your scores/);
    const scored = lessonReport(GOOD);
    const superseded = { ...scored, scoring: { ...scored.scoring, status: 'superseded' as const } };
    assert.match(shownOf(renderReport(superseded, 'en')), /does not count any more.*Your scores/);
    const gone = failedReport();
    const replaced = {
      ...gone,
      scoring: { ...gone.scoring, status: 'superseded', failureCode: 'UPLOAD_REPLACED' } as const,
    };
    assert.match(shownOf(renderReport(replaced, 'ko')), /새 녹음이 있어서/);
  });

  it('says what is wrong with the standard', () => {
    const report = lessonReport(GOOD);
    assert.ok(report.result);
    const result: StoredResult = { ...report.result, standardFindings: ['noisy', 'too_slow'] };
    const shown = shownOf(renderReport({ ...report, result }, 'en'));
    assert.match(shown, /has a problem: there is noise in it\. it is spoken very slowly/);
  });

  it('tells a recording that cannot be played here from one that is gone', () => {
    const report = lessonReport(POOR);
    const recordings = { learner: null, standard: null, unreadable: ['learner'] as const };
    const shown = shownOf(renderReport({ ...report, recordings }, 'en'));
    assert.match(shown, /Your recording is kept, but it cannot be played here/);
    assert.match(shown, /The standard recording is not there any more/);
    const korean = shownOf(renderReport({ ...report, recordings }, 'ko'));
    assert.match(korean, /내 녹음은 보관되어 있지만/);
  });

  it('still shows the figures where recordings and analyses are gone, and says so', () => {
    const report = lessonReport(POOR);
    const page = renderReport(
      { ...report, speech: null, recordings: { learner: null, standard: null } },
      'en',
    );
    const shown = shownOf(page);
    assert.match(shown, /Your recording is not kept any more/);
    assert.match(shown, /The standard recording is not there any more/);
    assert.match(shown, /analyses of this recording are not kept any more/);
    assert.match(shown, /Your scores/);
    assert.match(shown, /How is this computed/);
    assert.doesNotMatch(page, /data-play="[^"]/);
    assert.doesNotMatch(page, /class="plot/);
  });

  it('reads rows of the first schema, whose advice is English text and which lack later figures', () => {
    const report = lessonReport(POOR);
    assert.ok(report.result);
    const { versions, delivery, standardCheck, standardFindings, contributions, ...old } =
      report.result;
    assert.ok(versions && delivery && standardCheck && standardFindings && contributions);
    const feedback = {
      text: old.feedback.text.en,
      advice: old.feedback.advice.map((advice) => ({ ...advice, text: advice.text.en })),
    };
    const page = renderReport({ ...report, result: { ...old, feedback } as never }, 'ko');
    assert.match(shownOf(page), /Practise &quot;life&quot;/);
  });

  it('is the same page for the same data, and names one policy that allows nothing from outside', () => {
    const page = renderReport(lessonReport(GOOD), 'en');
    assert.equal(page, renderReport(lessonReport(GOOD), 'en'));
    const policy = policyOf(page);
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.doesNotMatch(page.replace(/<(style|script)\b[^]*?<\/\1>/g, ''), /(src|href)="(?!data:)/);
  });

  it('carries the licence of what is in it', () => {
    const page = renderReport(lessonReport(GOOD), 'en');
    assert.match(page, /wavesurfer\.js\s+BSD 3-Clause License\s+Copyright \(c\) [\d-]+, katspaugh/);
  });

  it('adds the parts of each score up to the score', () => {
    const report = lessonReport(POOR);
    const rows = renderReport(report, 'en')
      .split('<table class="parts">')
      .slice(1)
      .map((table) =>
        [...table.matchAll(/<td>([+−]?[\d.]+)<\/td>\s*<\/tr>/g)].map(([, text = '']) =>
          Number(text.replace('−', '-')),
        ),
      );
    assert.equal(rows.length, 4);
    for (const numbers of rows) {
      const score = numbers.at(-1) ?? NaN;
      const sum = numbers.slice(0, -1).reduce((total, value) => total + value, 0);
      // Each is shown to a tenth.
      assert.ok(Math.abs(sum - score) <= 0.35 + 1e-9, `${sum} is not ${score}`);
    }
  });
});

describe('the report of a scoring whose scores a teacher has set', () => {
  const decidedAtMs = Date.UTC(2026, 10, 24, 9, 30);
  const overridden = (scores: Parameters<typeof overrideScores>[1]): ReportData => {
    const report = lessonReport(POOR);
    return {
      ...report,
      result: overrideScores(report.result as ScoringResult, scores, decidedAtMs),
    };
  };
  const shownIn = (report: ReportData, language: 'en' | 'ko' = 'en') =>
    shownOf(renderReport(report, language));

  it('says which a teacher has set and when, in both languages', () => {
    const report = overridden({ overall: 12.5, prosody: 100 });
    assert.match(shownIn(report), /Set by a teacher on November 24, 2026: Prosody, Overall\./);
    assert.match(shownIn(report, 'ko'), /선생님이 2026년 11월 24일에 직접 정한 점수: 운율, 종합\./);
    assert.doesNotMatch(shownIn(lessonReport(POOR)), /teacher/);
  });

  it('shows parts of the other scores only, since a decision has none', () => {
    const shown = shownIn(overridden({ overall: 12.5, prosody: 100 }));
    assert.match(shown, /Accuracy: [\d.]+ of 100.*Fluency: [\d.]+ of 100/);
    assert.doesNotMatch(shown, /(Overall|Prosody): [\d.]+ of 100/);
    assert.match(shown, /What a teacher has set is not computed/);
  });

  it('says nothing of parts where every score is the teacher’s', () => {
    const all = { overall: 1, accuracy: 2, fluency: 3, prosody: 4 };
    assert.doesNotMatch(shownIn(overridden(all)), /How is this computed/);
  });

  it('reads rows of before, which say nothing of the teacher', () => {
    const report = overridden({ overall: 12.5 });
    const { teacher, ...old } = report.result ?? assert.fail();
    assert.ok(teacher);
    assert.doesNotMatch(shownIn({ ...report, result: old }), /teacher has set|Set by a teacher/);
  });
});

describe('the parts of the report', () => {
  it('grade words in steps, with omitted and inserted ones apart', () => {
    const grade = (kind: 'ok' | 'mispronounced' | 'omitted' | 'inserted', score: number | null) =>
      gradeOf({ kind, score });
    assert.deepEqual(
      [grade('ok', 81), grade('ok', 79.9), grade('mispronounced', 59), grade('omitted', 0)],
      ['clear', 'fair', 'practise', 'omitted'],
    );
    assert.equal(grade('inserted', null), 'inserted');
    assert.deepEqual([80, 60, 59.9].map(soundGradeOf), ['clear', 'fair', 'practise']);
  });

  it('write words as the sentence does, where written and spoken words are the same', () => {
    assert.deepEqual(wordLabels("Let's go, Tom.", ["let's", 'go', 'tom']), [
      "Let's",
      'go,',
      'Tom.',
    ]);
    assert.deepEqual(wordLabels('I am 25.', ['i', 'am', 'twenty', 'five']), [
      'I',
      'am',
      'twenty',
      'five',
    ]);
    assert.deepEqual(wordLabels('Other words', ['this', 'one']), ['this', 'one']);
  });

  it('find each word of the sentence in the standard, inserted ones nowhere', () => {
    const report = lessonReport(GOOD);
    assert.ok(report.result && report.speech);
    const [first, ...rest] = report.result.words;
    assert.ok(first);
    const inserted = { ...first, kind: 'inserted' as const, text: 'um', score: null };
    const words = reportWords({
      ...report,
      result: { ...report.result, words: [first, inserted, ...rest] },
    });
    assert.equal(words[1]?.standard, null);
    assert.equal(words[1].index, null);
    for (const { index, standard } of words.filter(({ kind }) => kind !== 'inserted')) {
      assert.equal(standard?.startS, report.speech.standard.words[index ?? -1]?.startS);
    }
  });

  it('play what was written for them', () => {
    const pieces = [
      { role: 'learner' as const, interval: { startS: 0.25, endS: 1 } },
      { role: 'standard' as const, interval: null },
    ];
    assert.equal(writePieces(pieces), 'learner:0.250-1.000 standard');
    assert.deepEqual(readPieces(writePieces(pieces)), pieces);
    assert.deepEqual(readPieces('nobody:1.0-2.0 learner:x'), []);
  });

  it('draw a melody only where there is a voice: one line for each voiced stretch', () => {
    const { speech } = lessonReport(POOR);
    assert.ok(speech?.learner.melody);
    const lines = melodyLines(speech.learner);
    const { voiced } = speech.learner.melody;
    assert.ok(lines.length > 3);
    for (const { timeS } of lines.flat()) assert.equal(voiced[Math.floor(timeS / 0.01)], true);
    for (const line of lines) {
      for (const [at, { timeS }] of line.entries()) {
        assert.ok(at === 0 || timeS - (line[at - 1]?.timeS ?? 0) < 0.011);
      }
    }
  });

  it('mark a pause only where two words follow each other, not where one was left out between them', () => {
    const told = (index: number) =>
      /id="lane-learner-desc">\s*([^<]*)</.exec(renderReport(lessonReport(index), 'en'))?.[1];
    assert.match(
      told(POOR) ?? '',
      /Pauses: 0\.26 s after &quot;was&quot;, 0\.42 s after &quot;a&quot;/,
    );
    // "Then turned to him." without "she".
    assert.doesNotMatch(told(27) ?? '', /after &quot;Then/);
    assert.match(told(27) ?? '', /after &quot;to&quot;/);
  });

  it('keep labels of neighbours from touching', () => {
    assert.deepEqual(labelRows([50, 60, 70, 150].map((x) => ({ text: 'word', x }))), [0, 1, 2, 0]);
  });
});
