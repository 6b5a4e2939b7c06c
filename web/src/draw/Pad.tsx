import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import './pad.css';
import { Painter } from './painter.js';
import { tipWidth, tool } from './padSettings.js';
import { PointerStrokes } from './pointer.js';
import { beginStroke, drawing, dropStroke, endStroke, extendStroke, scene } from './sketch.js';

/** The sheet to draw on: with a pen, a finger, the mouse. */
export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter>(null);
  useEffect(() => {
    painter.current = new Painter(canvas.current!);
    painter.current.paint(scene.peek());
    const release = [keepCrisp(canvas.current!, painter.current), listen(canvas.current!)];
    return () => release.forEach((end) => end());
  }, []);
  useSignalEffect(() => painter.current?.paint(scene.value));
  useSignalEffect(() => {
    if (!drawing.value) painter.current?.repaint();
  });
  return (
    <div class="pad-sheet">
      <canvas ref={canvas} class="pad-canvas" />
    </div>
  );
}

/** One pixel of the canvas for each of the screen's, whatever the size and the zoom. */
function keepCrisp(canvas: HTMLCanvasElement, painter: Painter): () => void {
  const observer = new ResizeObserver(([entry]) => {
    const exact = entry?.devicePixelContentBoxSize?.[0]?.inlineSize;
    painter.resize(Math.max(1, exact ?? Math.round(canvas.clientWidth * devicePixelRatio)));
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(canvas); // Safari does not know that box.
  }
  return () => observer.disconnect();
}

function listen(canvas: HTMLCanvasElement): () => void {
  const strokes = new PointerStrokes({
    begin: (which, points, at) =>
      beginStroke(which === 'chosen' ? tool.peek() : which, tipWidth.peek() / 100, points, at),
    extend: extendStroke,
    end: endStroke,
    drop: dropStroke,
  });
  const place = (): DOMRect => canvas.getBoundingClientRect();
  const listeners: Partial<Record<keyof HTMLElementEventMap, (event: PointerEvent) => void>> = {
    pointerdown(event) {
      if (strokes.down(event, place())) canvas.setPointerCapture(event.pointerId);
    },
    pointermove: (event) => strokes.move(event, place()),
    pointerup: (event) => strokes.up(event, place()),
    pointercancel: (event) => strokes.end(event),
    lostpointercapture: (event) => strokes.end(event),
    contextmenu(event) {
      if (event.pointerType !== 'mouse') event.preventDefault(); // A finger that rests is still drawing.
    },
  };
  for (const [name, listener] of Object.entries(listeners)) canvas.addEventListener(name, listener as EventListener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      canvas.removeEventListener(name, listener as EventListener);
    }
  };
}
