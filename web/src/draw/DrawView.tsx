import { useRef } from 'preact/hooks';
import { Answers } from './Answers.js';
import { answer, show, trouble } from './reading.js';
import type { Scene, Stroke } from './scene.js';
import { Stages } from './Stages.js';
import './draw.css';

export function DrawView() {
  return (
    <>
      <h1 class="draw-title">Draw a digit, and the network opens</h1>
      <div class="draw-desk">
        <div class="draw-left">
          <SimplePad />
        </div>
        <div class="draw-right">
          <Answers answer={answer.value} />
          {trouble.value && <p role="alert">{trouble.value.message}</p>}
        </div>
      </div>
      <Stages />
    </>
  );
}

function SimplePad() {
  const strokes = useRef<Stroke[]>([]);
  const draw = (event: PointerEvent, begin: boolean): void => {
    const pad = event.currentTarget as HTMLElement;
    const box = pad.getBoundingClientRect();
    const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const last = strokes.current.at(-1);
    if (begin) strokes.current.push({ tool: 'pen', width: 0.05, points: at });
    else if (last) strokes.current[strokes.current.length - 1] = { ...last, points: [...last.points, ...at] };
    const scene: Scene = { strokes: strokes.current };
    show(scene, event.timeStamp);
  };
  return (
    <div
      class="pad"
      style={{ width: '100%', aspectRatio: '1', border: '1px solid' }}
      onPointerDown={(event) => draw(event, true)}
      onPointerMove={(event) => event.buttons === 1 && draw(event, false)}
    />
  );
}
