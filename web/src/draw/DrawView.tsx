import { useRef } from 'preact/hooks';
import { answer, show, trouble } from './reading.js';
import type { Scene, Stroke } from './scene.js';

export function DrawView() {
  const strokes = useRef<Stroke[]>([]);
  const draw = (event: PointerEvent, begin: boolean): void => {
    const pad = event.currentTarget as HTMLElement;
    const box = pad.getBoundingClientRect();
    const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const last = strokes.current.at(-1);
    if (begin) strokes.current.push({ tool: 'pen', width: 0.07, points: at });
    else if (last) strokes.current[strokes.current.length - 1] = { ...last, points: [...last.points, ...at] };
    const scene: Scene = { strokes: strokes.current };
    show(scene);
  };
  return (
    <>
      <h1>Draw</h1>
      <div
        class="pad"
        style={{ width: '280px', height: '280px', border: '1px solid' }}
        onPointerDown={(event) => draw(event, true)}
        onPointerMove={(event) => event.buttons === 1 && draw(event, false)}
      />
      <p>{trouble.value?.message}</p>
      <p id="answer">{answer.value && `${answer.value.status} ${answer.value.label} ${answer.value.milliseconds}`}</p>
    </>
  );
}
