/** What is around every page: its name, who is signed in, the languages. */
import type { PageSettings } from '../page-settings.ts';
import { element, type Child } from './element.ts';
import { LANGUAGES, type Speaking } from './language.ts';

export interface FrameLink {
  href: string;
  label: string;
}

export function pageFrame(
  { userId }: PageSettings,
  speaking: Speaking,
  { title, links = [], content }: { title: string; links?: FrameLink[]; content: Child },
): HTMLElement[] {
  const { say, language } = speaking;
  document.title = `${title} · Elocute`;
  const choice = LANGUAGES.map(([code, name]) =>
    element(
      'button',
      {
        type: 'button',
        class: 'language',
        lang: code,
        'data-key': `language-${code}`,
        'aria-pressed': String(code === language),
        onclick: () => speaking.change(code),
      },
      name,
    ),
  );
  return [
    element('a', { class: 'skip', href: '#content' }, say('skip')),
    element(
      'header',
      { class: 'frame' },
      element('a', { class: 'brand', href: '/' }, 'Elocute'),
      element(
        'nav',
        { class: 'frame-links' },
        links.map(({ href, label }) => element('a', { href }, label)),
      ),
      element('div', { class: 'languages', role: 'group', 'aria-label': say('languages') }, choice),
      element(
        'p',
        { class: 'who quiet small' },
        say('signed_in', { user: userId }),
        ' ',
        element(
          'button',
          { type: 'button', class: 'plain', 'data-key': 'sign-out', onclick: signOut },
          say('sign_out'),
        ),
      ),
    ),
    element('main', { id: 'content', tabindex: -1 }, content),
  ];
}

function signOut(): void {
  void fetch('/sign-out', { method: 'POST' }).then(() => location.assign('/'));
}

/** A label and what it labels. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return element(
    'label',
    { class: 'field' },
    element('span', { class: 'small quiet' }, label),
    control,
  );
}

export function notice(
  title: string,
  text: string,
  {
    mild = false,
    code = null,
    actions = [],
  }: { mild?: boolean; code?: string | null; actions?: Child } = {},
): HTMLElement {
  return element(
    'div',
    { class: mild ? 'notice-box notice-box-mild' : 'notice-box', role: 'alert' },
    element('h3', {}, title),
    element('p', {}, text),
    code === null ? null : element('p', { class: 'small quiet' }, code),
    element('div', { class: 'actions' }, actions),
  );
}

/** Hangul and the like are put together in their field: a new field would take them apart. */
let isComposing = false;
let waiting: (() => void) | null = null;
document.addEventListener('compositionstart', () => (isComposing = true));
document.addEventListener('compositionend', () => {
  isComposing = false;
  const draw = waiting;
  waiting = null;
  // What was composed is heard of first.
  if (draw !== null) setTimeout(draw);
});

/** Draws anew and keeps the focus where it was, by `data-key`, with what was typed meanwhile. */
export function redrawInto(root: HTMLElement, nodes: readonly Node[]): void {
  waiting = isComposing ? () => redrawInto(root, nodes) : null;
  if (isComposing) return;
  const focused = document.activeElement as HTMLElement | null;
  const key = focused?.dataset['key'];
  const at = scrollY;
  root.replaceChildren(...nodes);
  if (key !== undefined) {
    const again = root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (again instanceof HTMLInputElement && focused instanceof HTMLInputElement) {
      again.value = focused.value;
    }
    again?.focus({ preventScroll: true });
  }
  if (scrollY !== at) scrollTo({ top: at });
}
