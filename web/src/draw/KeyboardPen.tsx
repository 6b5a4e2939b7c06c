import { type ReadonlySignal, type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CELLS, type GridPen, MIDDLE, moved, placeInWords, pointOf } from './gridPen.js';
import { tipWidth, tool } from './padSettings.js';
import { beginStroke, clear, drawing, endStroke, extendStroke } from './sketch.js';

/** Drawing by keys: what the pad does with them, and what it says. */
export interface KeyboardPen {
  readonly pen: ReadonlySignal<GridPen>;
  /** Whether the cursor is to be seen. */
  readonly shown: Signal<boolean>;
  /** For screen readers. */
  readonly said: ReadonlySignal<string>;
  press(event: KeyboardEvent): void;
  /** The focus goes elsewhere. */
  leave(): void;
}

/** The place is told when the cursor rests: somebody who moves on would only hear numbers. In ms. */
const REST = 400;

export function useKeyboardPen(): KeyboardPen {
  const pen = useSignal<GridPen>(MIDDLE);
  const shown = useSignal(false);
  const said = useSignal('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Undoing ends a stroke too, and so does another pen.
  useSignalEffect(() => {
    if (!drawing.value && pen.peek().down) pen.value = { ...pen.peek(), down: false };
  });

  const say = (words: string, after = 0): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (said.value = words), after);
  };
  const begin = (): void => {
    beginStroke(tool.peek(), tipWidth.peek() / 100, pointOf(pen.peek()));
    pen.value = { ...pen.peek(), down: true };
  };
  const toggle = (): void => {
    if (pen.peek().down) endStroke();
    else begin();
    say(`${nameOf(tool.peek())} ${pen.peek().down ? 'down' : 'up'}. ${placeInWords(pen.peek())}.`);
  };
  const move = (next: GridPen): void => {
    pen.value = next;
    if (next.down) extendStroke(pointOf(next));
    say(`${placeInWords(next)}${next.down ? ', drawing' : ''}.`, REST);
  };
  const change = (): void => {
    const { down } = pen.peek();
    endStroke();
    tool.value = tool.peek() === 'pen' ? 'eraser' : 'pen';
    if (down) begin();
    say(`${nameOf(tool.peek())}.`);
  };

  const act = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const next = moved(pen.peek(), key, shiftKey);
    if (next) move(next);
    else if (key === ' ' || key === 'Enter') toggle();
    else if (key.toLowerCase() === 'e') change();
    else if (key === 'Escape' && pen.peek().down) toggle();
    else if (key === 'Delete') {
      clear();
      say('Cleared.');
    } else return false;
    return true;
  };

  return {
    pen,
    shown,
    said,
    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !act(event)) return;
      event.preventDefault();
      shown.value = true;
    },
    leave() {
      if (pen.peek().down) endStroke();
      shown.value = false;
    },
  };
}

/** Where the keys' pen is, on a grid. */
export function GridCursor({ pen, shown }: Pick<KeyboardPen, 'pen' | 'shown'>) {
  if (!shown.value) return null;
  const { column, row, down } = pen.value;
  const percent = (cells: number): string => `${(100 * cells) / CELLS}%`;
  return (
    <div class="pad-grid" aria-hidden="true">
      <div
        class="pad-cell"
        data-down={down || undefined}
        style={{ left: percent(column), top: percent(row), width: percent(1), height: percent(1) }}
      />
    </div>
  );
}

function nameOf(name: 'pen' | 'eraser'): string {
  return name === 'pen' ? 'Pen' : 'Eraser';
}
