import { computed, effect, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RgbaPicture } from '../../../src/digit/index.js';
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

/** How the drawing becomes the network's input, step by step. The steps stand there before there is anything to show. */
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
      <p>What you draw is brought to the form of the network’s training images.</p>
      <ol class="stages-strip" tabindex={0} aria-labelledby="stages-title">
        {(Object.entries(titles) as [Stage['name'], string][]).map(([name, title]) => (
          <li key={name}>
            <StagePicture name={name} title={title} />
            <h3>{title}</h3>
            <p>{stageNotes[name]}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StagePicture({ name, title }: { readonly name: Stage['name']; readonly title: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => effect(() => show(canvas.current!, found.value ? pictureOf(name) : undefined)), [name]);
  return <canvas ref={canvas} role="img" aria-label={title} />;
}

function pictureOf(name: Stage['name']): RgbaPicture | undefined {
  return stages.value.find((stage) => stage.name === name)?.picture;
}

function show(canvas: HTMLCanvasElement, picture: RgbaPicture | undefined): void {
  canvas.toggleAttribute('data-empty', picture === undefined);
  if (!picture) return;
  const { width, height, data } = picture;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}
