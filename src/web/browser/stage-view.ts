/** Draws a stage: what is going on, and what can be done now. */
import { element, icon, ICONS, type Child } from './element.ts';
import type { Say } from '../messages/message.ts';
import type { Language } from './language.ts';
import { notice } from './page-frame.ts';
import type { Stage, Trouble } from './stage.ts';
import { stepList } from './step-list.ts';

export interface StageActions {
  record: () => void;
  cancel: () => void;
  stop: () => void;
  send: () => void;
  playOwn: () => void;
}

export interface StageContext {
  say: Say;
  language: Language;
  maxSeconds: number;
  playing: string | null;
  actions: StageActions;
  /** Drawn once, changed many times a second. */
  gauge: Gauge;
}

export interface Gauge {
  level: HTMLElement;
  timer: HTMLElement;
  hint: HTMLElement;
}

export function createGauge(): Gauge {
  return {
    level: element('div', { class: 'level-value' }),
    timer: element('p', { class: 'timer', role: 'timer' }),
    hint: element('p', { class: 'small quiet gauge-hint' }),
  };
}

export function drawStage(stage: Stage, context: StageContext): HTMLElement {
  return element('div', { class: `stage stage-${stage.kind}` }, stageParts(stage, context));
}

function stageParts(stage: Stage, context: StageContext): Child {
  const { say, actions, maxSeconds } = context;
  switch (stage.kind) {
    case 'ready':
      return [recordButton(context), element('p', { class: 'quiet small' }, say('record_hint'))];
    case 'asking':
      return [big(say('asking')), cancelButton(context)];
    case 'countdown':
      return [
        big(say('get_ready')),
        element('p', { class: 'count', 'aria-hidden': 'true' }, stage.left),
        cancelButton(context),
      ];
    case 'recording':
      return recordingParts(context);
    case 'taken':
      return takenParts(stage.take.seconds, context);
    case 'refused':
      return notice(
        say(`take_${stage.problem}`),
        say(`take_${stage.problem}_do`, { most: maxSeconds }),
        { actions: recordAgain(context, true) },
      );
    case 'no_microphone':
      return notice(say(`mic_${stage.problem}`), say(`mic_${stage.problem}_do`), {
        actions: button(say('try_again'), actions.record, { primary: true, key: 'main' }),
      });
    case 'sending':
    case 'following':
      return underWay(stage, context);
    case 'done':
      return [
        big(say('done')),
        element(
          'a',
          { class: 'button primary', href: stage.report, 'data-key': 'main' },
          say('open_report'),
        ),
      ];
    case 'reviewing':
      return notice(say('reviewing'), say('reviewing_hint'), {
        mild: true,
        actions: recordAgain(context, false),
      });
    case 'failed':
      return failedParts(stage.trouble, stage.take !== null, context);
  }
}

/** What a screen reader is told when a stage begins; alerts speak for themselves. */
export function announcement(stage: Stage, say: Say): string {
  switch (stage.kind) {
    case 'asking':
      return say('asking');
    case 'countdown':
      return `${say('get_ready')}: ${stage.left}`;
    case 'recording':
      return say('speak_now');
    case 'taken':
      return say('taken', { seconds: stage.take.seconds.toFixed(1) });
    case 'sending':
      return say('sending');
    case 'following':
      return say('scoring');
    case 'done':
      return say('done');
    case 'ready':
    case 'refused':
    case 'no_microphone':
    case 'reviewing':
    case 'failed':
      return '';
  }
}

function recordingParts({ say, actions, gauge }: StageContext): Child {
  gauge.hint.textContent = '';
  return [
    element('p', { class: 'big speak' }, element('span', { class: 'live' }), say('speak_now')),
    element('div', { class: 'level', role: 'img', 'aria-label': say('level_meter') }, gauge.level),
    gauge.timer,
    button(say('stop'), actions.stop, {
      primary: true,
      key: 'main',
      icon: ICONS.stop,
      filled: true,
    }),
    button(say('cancel'), actions.cancel, { key: 'cancel', plain: true }),
    gauge.hint,
  ];
}

function takenParts(seconds: number, context: StageContext): Child {
  const { say, language, actions, playing } = context;
  const shown = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(seconds);
  return [
    element('p', {}, say('taken', { seconds: shown })),
    element(
      'div',
      { class: 'actions' },
      playButton(say('listen_own'), 'own', actions.playOwn, playing),
    ),
    element('p', { class: 'quiet small' }, say('taken_hint')),
    element(
      'div',
      { class: 'actions' },
      button(say('send'), actions.send, { primary: true, key: 'main' }),
      recordAgain(context, false),
    ),
  ];
}

function underWay(stage: Stage & { kind: 'sending' | 'following' }, context: StageContext): Child {
  const { say, actions } = context;
  const { hurry } = stage;
  const isSending = stage.kind === 'sending';
  const percent = isSending ? Math.round(stage.share * 100) : 100;
  const title = say(isSending ? 'sending' : 'scoring');
  const hint = isSending
    ? say('sent_percent', { percent })
    : say(stage.slow ? 'scoring_slow' : 'scoring_hint');
  return [
    big(title),
    isSending ? element('progress', { max: 100, value: percent, 'aria-label': title }) : null,
    element('p', { class: 'quiet small' }, hint),
    hurry === null
      ? null
      : notice(say('offline'), say('offline_do'), {
          mild: true,
          actions: button(say('try_now'), hurry, { key: 'hurry' }),
        }),
    stepList(stage, say),
    isSending ? button(say('cancel'), actions.cancel, { key: 'cancel', plain: true }) : null,
  ];
}

function failedParts(
  { title, text, code }: Trouble,
  canSend: boolean,
  context: StageContext,
): Child {
  const { say, language, actions } = context;
  return notice(say(title), typeof text === 'string' ? say(text) : text[language], {
    code: code === null ? null : say('support_code', { code }),
    actions: [
      canSend ? button(say('try_again'), actions.send, { primary: true, key: 'main' }) : null,
      recordAgain(context, !canSend),
    ],
  });
}

function big(text: string): HTMLElement {
  return element('p', { class: 'big' }, text);
}

interface ButtonLook {
  key: string;
  primary?: boolean;
  plain?: boolean;
  icon?: string;
  filled?: boolean;
}

export function button(label: string, act: () => void, look: ButtonLook): HTMLElement {
  const { key, primary = false, plain = false, icon: path, filled = false } = look;
  const kind = plain ? 'plain' : primary ? 'button primary' : 'button';
  const shape = path === undefined ? null : icon(path, filled);
  return element(
    'button',
    { type: 'button', class: kind, 'data-key': key, onclick: act },
    shape,
    label,
  );
}

export function playButton(
  label: string,
  id: string,
  act: () => void,
  playing: string | null,
): HTMLElement {
  const isPlaying = playing === id;
  const isOwn = id === 'own';
  return element(
    'button',
    {
      type: 'button',
      class: isOwn ? 'button' : 'button button-standard',
      'data-key': `play-${id}`,
      'data-playing': isPlaying ? (isOwn ? 'learner' : 'standard') : null,
      'aria-pressed': String(isPlaying),
      onclick: act,
    },
    icon(isPlaying ? ICONS.stop : ICONS.play, true),
    label,
  );
}

function recordButton({ say, actions }: StageContext): HTMLElement {
  return element(
    'button',
    { type: 'button', class: 'record', 'data-key': 'main', onclick: actions.record },
    icon(ICONS.microphone),
    say('record'),
  );
}

function recordAgain({ say, actions }: StageContext, primary: boolean): HTMLElement {
  const key = primary ? 'main' : 'again';
  return button(say('record_again'), actions.record, { primary, key, icon: ICONS.again });
}

function cancelButton({ say, actions }: StageContext): HTMLElement {
  return button(say('cancel'), actions.cancel, { key: 'cancel', plain: true });
}
