import { computed, effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Stage, stageNotes } from '../../../src/digit/stages.js';
import { answer, followAnswers } from './reading.js';
import './stages.css';

const stages = signal<readonly Stage[]>([]);
/** Whether there is ink to follow. */
const found = computed(() => (answer.value?.signs.length ?? 0) > 0);
const titles: Readonly<Record<Stage['name'], string>> = {
  'on paper': 'On paper',
  ink: 'Ink',
  mask: 'Mask',
  'main group': 'Main group',
  strokes: 'Strokes',
  box: 'Box',
  normalized: 'What the network sees',
};

/** How the drawing becomes the network's input, step by step. */
export function Stages() {
  useEffect(
    () =>
      followAnswers(async (reader) => {
        stages.value = await reader.call('stages', undefined);
      }),
    [],
  );
  return (
    <section class="stages" aria-labelledby="stages-title">
      <h2 id="stages-title">From drawing to input</h2>
      {found.value ? (
        <ol class="stages-strip" tabindex={0} aria-labelledby="stages-title">
          {stages.value.map(({ name }, i) => (
            <li key={name}>
              <StagePicture index={i} name={titles[name]} />
              <h3>{titles[name]}</h3>
              <p>{stageNotes[name]}</p>
            </li>
          ))}
        </ol>
      ) : (
        <p class="quiet">
          Whatever is drawn is brought to the form of the network’s training images: the ink cut out, its strokes
          brought to a usual width, 20 pixels high or wide, its centre of mass in the middle of 28 × 28 pixels. The
          steps appear here as you draw.
        </p>
      )}
    </section>
  );
}

function StagePicture({ index, name }: { readonly index: number; readonly name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(
    () =>
      effect(() => {
        const picture = stages.value[index]?.picture;
        if (!picture || !canvas.current) return;
        const { width, height, data } = picture;
        Object.assign(canvas.current, { width, height });
        const pixels = new ImageData(new Uint8ClampedArray(data), width, height);
        canvas.current.getContext('2d')!.putImageData(pixels, 0, 0);
      }),
    [index],
  );
  return <canvas ref={canvas} role="img" aria-label={name} />;
}
