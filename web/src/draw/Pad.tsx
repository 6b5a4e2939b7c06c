import { effect } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { GridCursor, useKeyboardPen } from './KeyboardPen.js';
import './pad.css';
import { Painter } from './painter.js';
import { tipWidth, tool } from './padSettings.js';
import { PointerStrokes } from './pointer.js';
import { beginStroke, drawing, dropStroke, endStroke, extendStroke, scene } from './sketch.js';

/** The sheet to draw on: with a pen, a finger, the mouse or the keyboard. */
export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const keyboard = useKeyboardPen();
  const help = useId();
  useEffect(() => {
    const painter = new Painter(canvas.current!);
    const place = placeOf(canvas.current!);
    const release = [
      // Not useSignalEffect, here and where scenes are read: that waits for the next frame.
      effect(() => painter.paint(scene.value)),
      effect(() => {
        if (!drawing.value) painter.repaint();
      }),
      keepCrisp(canvas.current!, painter),
      drawWithPointers(canvas.current!, place),
      showTip(canvas.current!, tip.current!, place),
      place.end,
    ];
    return () => release.forEach((end) => end());
  }, []);
  return (
    <>
      <div
        class="pad-sheet"
        role="application"
        aria-roledescription="sketch pad"
        aria-label="Sheet to draw on"
        aria-describedby={help}
        tabindex={0}
        onKeyDown={keyboard.press}
        onFocus={({ currentTarget }) => (keyboard.shown.value = currentTarget.matches(':focus-visible'))}
        onBlur={keyboard.leave}
        onPointerDown={() => (keyboard.shown.value = false)}
      >
        <canvas ref={canvas} class="pad-canvas" />
        <GridCursor {...keyboard} />
        <div ref={tip} class="pad-tip" hidden style={{ width: `${tipWidth.value}%` }} aria-hidden="true" />
      </div>
      <p id={help} class="pad-help quiet">
        By keyboard: arrow keys move, Space draws, E erases, Delete clears.
        <span class="visually-hidden">
          The cursor moves over a grid of 28 by 28 cells, with Shift by four. Space puts the pen down and lifts it
          again; while it is down, moving draws. E changes between pen and eraser.
        </span>
      </p>
      <p class="visually-hidden" role="status">
        {keyboard.said}
      </p>
    </>
  );
}

/** One pixel of the canvas for each of the screen's, whatever the size and the zoom. */
function keepCrisp(canvas: HTMLCanvasElement, painter: Painter): () => void {
  const observer = new ResizeObserver(([entry]) => {
    const about = Math.round(canvas.clientWidth * devicePixelRatio);
    const exact = entry?.devicePixelContentBoxSize?.[0]?.inlineSize ?? about;
    // They differ by rounding, or because the screen's pixels are only simulated.
    painter.resize(Math.max(1, Math.abs(exact - about) <= 1 ? exact : about));
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(canvas); // Safari does not know that box.
  }
  return () => observer.disconnect();
}

interface PlaceOnPage {
  now(): DOMRect;
  /** To be looked at again. */
  forget(): void;
  end(): void;
}

/** Where the canvas is. A look makes the browser lay the page out: while one draws, only after scrolling and resizing. */
function placeOf(canvas: HTMLCanvasElement): PlaceOnPage {
  let place: DOMRect | undefined;
  const forget = (): void => void (place = undefined);
  const options = { capture: true, passive: true };
  for (const type of ['scroll', 'resize']) addEventListener(type, forget, options);
  return {
    now: () => (place ??= canvas.getBoundingClientRect()),
    forget,
    end: () => ['scroll', 'resize'].forEach((type) => removeEventListener(type, forget, options)),
  };
}

type PointerListeners = Readonly<Record<string, (event: PointerEvent) => void>>;

function drawWithPointers(canvas: HTMLCanvasElement, place: PlaceOnPage): () => void {
  const strokes = new PointerStrokes({
    begin: (which, points, at) =>
      beginStroke(which === 'chosen' ? tool.peek() : which, tipWidth.peek() / 100, points, at),
    extend: extendStroke,
    end: endStroke,
    drop: dropStroke,
  });
  const begin = listen(canvas, {
    pointerdown(event) {
      place.forget();
      if (strokes.down(event, place.now)) canvas.setPointerCapture(event.pointerId);
    },
    contextmenu(event) {
      if (event.pointerType !== 'mouse') event.preventDefault(); // A finger that rests is still drawing.
    },
  });
  // Of the whole window: browsers take a capture back now and then, and a stroke goes on all the same.
  const goOn = listen(window, {
    pointerrawupdate: (event) => strokes.move(event, place.now),
    pointermove: (event) => strokes.move(event, place.now),
    pointerup: (event) => strokes.up(event, place.now),
    pointercancel: (event) => strokes.end(event),
  });
  return () => {
    begin();
    goOn();
  };
}

/** A ring as wide as the tip, where the mouse or the pen is. */
function showTip(canvas: HTMLCanvasElement, tip: HTMLElement, place: PlaceOnPage): () => void {
  const follow = ({ pointerType, buttons, clientX, clientY }: PointerEvent): void => {
    if (buttons === 0) place.forget();
    const { left, top, width, height } = place.now();
    const [x, y] = [(clientX - left) / width, (clientY - top) / height];
    tip.hidden = pointerType === 'touch' || x < 0 || x > 1 || y < 0 || y > 1;
    tip.style.translate = `${x * width}px ${y * height}px`;
  };
  return listen(canvas, { pointermove: follow, pointerdown: follow, pointerleave: () => (tip.hidden = true) });
}

function listen(target: EventTarget, listeners: PointerListeners): () => void {
  const all = Object.entries(listeners) as [string, EventListener][];
  for (const [name, listener] of all) target.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of all) target.removeEventListener(name, listener);
  };
}
