/** `elocute score`: scores one file against another in this process; no servers, no cloud. */
import type { Command } from 'commander';
import { openAnalysisEngines } from '../adapters/analysis-engines.ts';
import { feedbackLanguageOf, ffmpegPathOf } from '../config.ts';
import type { Language } from '../scoring/messages/message.ts';
import { scoreRecording } from '../scoring/score.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import { analysePair } from './analyse-pair.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { figuresOf } from './status.ts';
import { readAudioFile } from './upload.ts';

interface ScoreOptions {
  standard: string;
  sentence: string;
  json?: boolean;
}

const LIMITS = { maxBytes: 10 * 1024 * 1024, maxSeconds: 60 };

export function addScore(program: Command): void {
  program
    .command('score')
    .description('score a recording against a standard one, without any server')
    .argument('<learner>', 'recording of the learner: WAV, FLAC, MP3, Ogg, WebM or M4A')
    .requiredOption('--standard <file>', 'recording of the standard, in any of these formats')
    .requiredOption('--sentence <text>', 'what both say')
    .option('--json', 'print the whole result as JSON on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  elocute score me.wav --standard her.wav --sentence "Let\'s go to the gym."',
    )
    .action((learner: string, options: ScoreOptions) =>
      interruptible((signal) => score(learner, options, signal)),
    );
}

async function score(file: string, options: ScoreOptions, signal: AbortSignal): Promise<void> {
  const language = feedbackLanguageOf(process.env);
  const learner = readAudioFile(file, LIMITS.maxBytes);
  const standard = readAudioFile(options.standard, LIMITS.maxBytes);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  say('Loading the acoustic model …');
  const ffmpegPath = ffmpegPathOf(process.env);
  const engines = await openAnalysisEngines({
    threads: 2,
    maxSeconds: LIMITS.maxSeconds,
    ffmpegPath,
  });
  try {
    say('Analysing both recordings …');
    const pair = { learner, standard, sentence: options.sentence };
    const result = scoreRecording(await analysePair(engines, pair, signal));
    show(result, language, options.json === true);
  } finally {
    await engines.close();
  }
}

function show(result: ScoringResult, language: Language, json: boolean): void {
  const text = json ? JSON.stringify(result) : figuresOf(result, language).join('\n');
  process.stdout.write(`${text}\n`);
  if (result.overall === null) process.exitCode = EXIT.failed;
}
