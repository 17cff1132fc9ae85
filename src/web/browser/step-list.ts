/** The steps of a scoring as a list: by shape, colour and word. */
import type { StepState } from '../../contract.ts';
import {
  isMessageKey,
  type MessageKey,
  type PlainMessageKey,
  type Say,
} from '../messages/message.ts';
import { element, icon, ICONS } from './element.ts';
import type { Stage } from './stage.ts';

interface Step {
  label: string;
  state: StepState;
}

/** As the workflow begins, so that the list is there before it tells of itself. */
const EXPECTED = [
  'resolve lesson',
  'transcript · learner',
  'pitch · learner',
  'phones · learner',
  'pitch · standard',
  'phones · standard',
  'score',
  'save',
];

export function stepList(stage: Stage & { kind: 'sending' | 'following' }, say: Say): HTMLElement {
  return element(
    'ol',
    { class: 'steps', 'aria-label': say('steps') },
    stepsOf(stage, say).map(({ label, state }) =>
      element(
        'li',
        { class: `step step-${state}` },
        element('span', { class: 'step-mark' }, markOf(state)),
        element('span', { class: 'step-label' }, label),
        element('span', { class: 'step-state small' }, say(`state_${state}`)),
      ),
    ),
  );
}

function stepsOf(stage: Stage & { kind: 'sending' | 'following' }, say: Say): Step[] {
  const isSent = stage.kind === 'following';
  const hasStarted = isSent && stage.started;
  const progress = isSent ? stage.progress : null;
  const told = progress?.steps ?? EXPECTED.map((name) => ({ name, state: 'waiting' as const }));
  return [
    { label: say('step_send'), state: isSent ? 'done' : 'running' },
    { label: say('step_arrive'), state: hasStarted ? 'done' : isSent ? 'running' : 'waiting' },
    ...told.map(({ name, state }) => ({ label: labelOf(name, say), state })),
  ];
}

/** `transcript · learner` → its message; a step that is newer than this page keeps its own name. */
function labelOf(name: string, say: Say): string {
  const key = `step_${name.replace('resolve lesson', 'resolve').replaceAll(/[^a-z]+/g, '_')}`;
  return isMessageKey(key) && isPlain(key) ? say(key) : name;
}

/** Steps have no values in their messages. */
function isPlain(key: MessageKey): key is PlainMessageKey & `step_${string}` {
  return key.startsWith('step_');
}

function markOf(state: StepState): Node | string {
  switch (state) {
    case 'done':
    case 'kept':
      return icon(ICONS.check);
    case 'failed':
    case 'cancelled':
      return icon(ICONS.cross);
    case 'running':
      return element('span', { class: 'spinner' });
    case 'waiting':
      return icon(ICONS.dot);
  }
}
