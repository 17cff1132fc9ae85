/** What the figures of a result depend on: rows are compared only where these are equal. */
import { MODEL_VERSION } from './model/judge-sentence.ts';

export { MODEL_VERSION };

/** The engines that analysed both recordings, each with its version and parameters. */
export interface EngineVersions {
  recogniser: string;
  pitch: string;
  aligner: string;
  standardPitch: string;
  standardAligner: string;
}

/** Null where the engine is not known, or nothing was recognised. */
export type ScoringVersions = { formula: string; model: string } & {
  [Engine in keyof EngineVersions]: string | null;
};

export function versionsOf(formula: string, engines: Partial<EngineVersions>): ScoringVersions {
  return {
    formula,
    model: MODEL_VERSION,
    aligner: engines.aligner ?? null,
    pitch: engines.pitch ?? null,
    recogniser: engines.recogniser ?? null,
    standardAligner: engines.standardAligner ?? null,
    standardPitch: engines.standardPitch ?? null,
  };
}

/** What a kept score is made by, as its analysis names it. */
export function scoreEngineOf(formula: string, model: string): string {
  return `elocute-formula/${formula} model/${model}`;
}
