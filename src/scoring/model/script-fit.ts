/** Was this sentence said at all, or another one? */
import type { Aligned } from '../analyses.ts';
import { heardAs } from './heard-as.ts';
import { deviations, type Templates } from './measures.ts';
import offScript from './off-script.json' with { type: 'json' };
import { templateKey } from './phone-rows.ts';
import { known, mean, percentile } from './statistics.ts';
import templates from './templates.json' with { type: 'json' };

/** What tells another sentence from a poorly spoken one, by the names of off-script.json. */
export type ScriptFeatures = Record<
  | 'goodness'
  | 'posterior'
  | 'share'
  | 'goodness90'
  | 'posterior90'
  | 'wrong'
  | 'entropy'
  | 'gaps'
  | 'phoneRate',
  number
>;

/** Log odds from which the recording counts as another sentence. */
export const OFF_SCRIPT_ODDS = offScript.limit;

/** Percentile: even another sentence has sounds in common, but fewer. */
const HIGH = 90;

/** JSON has lists where the types have pairs. */
const phoneTemplates = templates as unknown as Templates;

/**
 * `goodness`, `posterior` (its logarithm) and `share` (itself): means over phones in standard
 * deviations from good speech; `goodness90`, `posterior90`: their 90th percentiles; `wrong`: share of
 * phones that sound more like another one; `entropy`: mean over phones, nats; `gaps`: share of the time from first
 * to last phone that belongs to none; `phoneRate`: phones a second of that time. Null without phones
 * or without the acoustic model's evidence.
 */
export function scriptFeatures({ words }: Pick<Aligned, 'words'>): ScriptFeatures | null {
  const rows = words.flatMap(({ phones }, word) =>
    phones.map((phone, at) => ({
      word,
      phone: phone.phone,
      key: templateKey(phone, at === phones.length - 1),
      goodness: phone.goodness,
      durationS: phone.endS - phone.startS,
      startS: phone.startS,
      endS: phone.endS,
      ...heardAs(phone),
    })),
  );
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (rows.some(({ lpp }) => lpp === null)) return null;
  const measures = deviations(rows, phoneTemplates);
  const of = (measure: string) => measures.get(measure) ?? [];
  // Phones that the recording cuts off have no time: do not divide by 0.
  const spanS = Math.max(0.01, last.endS - first.startS);
  const spokenS = rows.reduce((sum, { durationS }) => sum + durationS, 0);
  return {
    goodness: mean(of('goodness')),
    posterior: mean(of('lpp')),
    share: mean(of('px')),
    goodness90: percentile(of('goodness'), HIGH),
    posterior90: percentile(of('lpp'), HIGH),
    wrong: mean(rows.map(({ heard, phone }) => (heard === phone ? 0 : 1))),
    entropy: mean(rows.map(({ entropy }) => known(entropy))),
    gaps: 1 - spokenS / spanS,
    phoneRate: rows.length / spanS,
  };
}

/**
 * Log odds that another sentence was said, by a logistic regression (`npm run fit:off-script`); null
 * where `scriptFeatures` is.
 */
export function offScriptOdds(alignment: Pick<Aligned, 'words'>): number | null {
  const features = scriptFeatures(alignment);
  if (features === null) return null;
  return offScript.inputs.reduce(
    (odds, { name, weight }) => odds + weight * features[name as keyof ScriptFeatures],
    offScript.base,
  );
}
