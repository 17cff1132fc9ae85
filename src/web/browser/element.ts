/** Elements from code: whatever is put into one is text, never markup. */

export type Child = Node | string | number | null | readonly Child[];

type Listener = (event: Event) => void;

export type Attributes = Record<string, string | number | boolean | null | Listener>;

/** `onclick` and the like take a function; false and null leave an attribute out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  fill(made, attributes, children);
  return made;
}

/** The same for drawings. */
export function drawn<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  fill(made, attributes, children);
  return made;
}

function fill(made: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null) made.setAttribute(name, String(value));
  }
  made.append(...nodesOf(children));
}

function nodesOf(child: Child): (Node | string)[] {
  if (child === null) return [];
  if (isList(child)) return child.flatMap(nodesOf);
  return [typeof child === 'number' ? String(child) : child];
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

/** An icon on a 16 × 16 field; the text beside it says what it means. */
export function icon(path: string, filled = false): SVGSVGElement {
  const shape = drawn('path', { d: path });
  const kind = filled ? 'icon icon-play' : 'icon';
  return drawn('svg', { class: kind, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, shape);
}

export const ICONS = {
  play: 'M4 2.5v11l9.5-5.5z',
  stop: 'M3.5 3.5h9v9h-9z',
  microphone:
    'M8 1.5a2.5 2.5 0 0 1 2.500 2.500v3.500a2.500 2.500 0 0 1-5 0V4A2.500 2.500 0 0 1 8 1.500zM3.500 7.500a4.500 4.500 0 0 0 9 0M8 12v2.500',
  check: 'M2.500 8.500l3.500 3.500 7.500-8',
  cross: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  dot: 'M8 7.500v1',
  again: 'M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3',
  back: 'M10 3L5 8l5 5',
} as const;
