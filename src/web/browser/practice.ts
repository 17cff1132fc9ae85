/** The practice page: a sentence is chosen, heard, recorded, sent, followed, and the report opens. */
import { encodeWav } from '../../audio/encode-wav.ts';
import { PAGE_SETTINGS_ID, type PageSettings } from '../page-settings.ts';
import { createChooser } from './choose-line.ts';
import { element, icon, ICONS } from './element.ts';
import { judgeTake } from './judge-take.ts';
import { createSpeaking } from './language.ts';
import { addressOf, findLine, lessonInAddress, type Line } from './lessons.ts';
import { SAMPLE_RATE_HZ } from './microphone.ts';
import { notice, pageFrame, redrawInto } from './page-frame.ts';
import { createPlayer } from './player.ts';
import { recordTake, type Recording } from './record-take.ts';
import { scoreTake } from './score-take.ts';
import { announcement, button, createGauge, drawStage, playButton } from './stage-view.ts';
import type { Stage, Take } from './stage.ts';

const settings = JSON.parse(
  document.getElementById(PAGE_SETTINGS_ID)?.textContent ?? '{}',
) as PageSettings;
const root = document.getElementById('page') ?? document.body;
const spoken = element('p', { class: 'hidden', role: 'status' });
root.after(spoken);

const speaking = createSpeaking(settings.language);
const gauge = createGauge();
const player = createPlayer(draw, () => {
  standardFailed = true;
  draw();
});
const chooser = createChooser({ settings, speaking, onPick: (line) => pick(line, true) });

let line: Line | null = null;
let isLookingUp = false;
let standardFailed = false;
let take: Take | null = null;
let stage: Stage = { kind: 'ready' };
let recording: Recording | null = null;
let sending: AbortController | null = null;

speaking.onChange(draw);
addEventListener('popstate', () => void openAddress());
addEventListener('beforeunload', (event) => {
  // A take that nobody has yet would be lost.
  if (stage.kind === 'taken' || stage.kind === 'sending') event.preventDefault();
});
void openAddress();

async function openAddress(): Promise<void> {
  const lesson = lessonInAddress();
  if (lesson === null) {
    pick(null, false);
    return;
  }
  isLookingUp = true;
  draw();
  const found = await findLine(lesson, new AbortController().signal).catch(() => null);
  isLookingUp = false;
  pick(found, false);
}

function pick(picked: Line | null, isNew: boolean): void {
  leave();
  line = picked;
  standardFailed = false;
  if (isNew) history.pushState(null, '', addressOf(picked?.lesson ?? null));
  draw();
  const heading = root.querySelector<HTMLElement>('[data-key="heading"]');
  if (isNew) heading?.focus();
}

/** Gives back whatever is going on. */
function leave(): void {
  recording?.cancel();
  sending?.abort();
  player.stop();
  recording = null;
  sending = null;
  forget();
  stage = { kind: 'ready' };
}

function forget(): void {
  if (take !== null) URL.revokeObjectURL(take.url);
  take = null;
}

function show(next: Stage): void {
  const isOther = next.kind !== stage.kind;
  const hadFocus = root.querySelector('.stage')?.contains(document.activeElement) === true;
  stage = next;
  draw();
  const said = announcement(next, speaking.say);
  if (said !== spoken.textContent) spoken.textContent = said;
  if (!isOther) return;
  const main = root.querySelector<HTMLElement>(
    '.stage [data-key="main"], .stage [data-key="cancel"]',
  );
  if (hadFocus) main?.focus({ preventScroll: true });
  root.querySelector('.stage')?.scrollIntoView({ block: 'nearest' });
}

async function record(): Promise<void> {
  leave();
  show({ kind: 'asking' });
  const own = recordTake({
    worklet: settings.recorder,
    maxSeconds: settings.maxSeconds,
    gauge,
    speaking,
    onStage: (next) => {
      if (recording === own) show(next);
    },
  });
  recording = own;
  const samples = await own.samples;
  if (recording !== own || samples === null) return;
  recording = null;
  const kind = judgeTake(samples, SAMPLE_RATE_HZ);
  if (kind !== 'ok') {
    show({ kind: 'refused', problem: kind });
    return;
  }
  const bytes = encodeWav(samples, SAMPLE_RATE_HZ);
  const wav = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'audio/wav' });
  take = { wav, url: URL.createObjectURL(wav), seconds: samples.length / SAMPLE_RATE_HZ };
  show({ kind: 'taken', take });
}

async function send(): Promise<void> {
  if (take === null || line === null) return;
  player.stop();
  const own = (sending = new AbortController());
  const ended = await scoreTake({
    take,
    lesson: line.lesson,
    userId: settings.role === 'operator' ? settings.userId : null,
    signal: own.signal,
    onStage: (next) => {
      if (!own.signal.aborted) show(next);
    },
  });
  if (own.signal.aborted || ended === null) return;
  sending = null;
  if (ended.kind === 'done') {
    // The report speaks the language that this page speaks now.
    const report = `${ended.report}?language=${speaking.language}`;
    show({ kind: 'done', report });
    location.assign(report);
  } else show(ended);
}

function cancel(): void {
  const kept = stage.kind === 'sending' ? take : null;
  if (kept === null) {
    leave();
    show({ kind: 'ready' });
    return;
  }
  sending?.abort();
  sending = null;
  show({ kind: 'taken', take: kept });
}

function playStandard(rate: number): void {
  if (line === null) return;
  standardFailed = false;
  player.toggle(rate === 1 ? 'standard' : 'slowly', line.links.standardAudio, rate);
}

function draw(): void {
  const { say } = speaking;
  const content = isLookingUp
    ? element('p', { class: 'page-header' }, say('loading'))
    : line === null
      ? chooser.draw()
      : drawLine(line);
  const links =
    settings.role === 'learner' ? [] : [{ href: '/teacher', label: say('teacher_title') }];
  redrawInto(root, pageFrame(settings, speaking, { title: say('practice_title'), links, content }));
  document.documentElement.dataset['stage'] = line === null ? 'choosing' : stage.kind;
}

function drawLine({ lesson, sentence }: Line): HTMLElement {
  const { say } = speaking;
  const isBusy = ['asking', 'countdown', 'recording'].includes(stage.kind);
  const { playing } = player;
  return element(
    'article',
    { class: 'practice' },
    element(
      'button',
      { type: 'button', class: 'plain back', 'data-key': 'back', onclick: () => pick(null, true) },
      icon(ICONS.back),
      say('other_sentence'),
    ),
    element(
      'div',
      { class: 'card' },
      element('p', { class: 'lesson' }, say('lesson', { ...lesson })),
      sentence === null
        ? element('h1', { tabindex: -1, 'data-key': 'heading' }, say('sentence_unknown'))
        : element(
            'h1',
            { lang: 'en', tabindex: -1, 'data-key': 'heading', class: 'sentence' },
            sentence,
          ),
      isBusy
        ? null
        : element(
            'div',
            { class: 'actions' },
            playButton(say('hear_standard'), 'standard', () => playStandard(1), playing),
            playButton(say('hear_slowly'), 'slowly', () => playStandard(0.75), playing),
          ),
      standardFailed
        ? notice(say('standard_failed'), '', {
            mild: true,
            actions: button(say('try_again'), () => playStandard(1), { key: 'standard-again' }),
          })
        : null,
    ),
    element(
      'div',
      { class: 'card stage-card' },
      settings.role === 'teacher'
        ? element('p', {}, say('not_for_teachers'))
        : drawStage(stage, {
            say,
            language: speaking.language,
            maxSeconds: settings.maxSeconds,
            playing,
            gauge,
            actions: {
              record: () => void record(),
              cancel,
              stop: () => recording?.stop(),
              send: () => void send(),
              playOwn: () => take !== null && player.toggle('own', take.url),
            },
          }),
    ),
  );
}
