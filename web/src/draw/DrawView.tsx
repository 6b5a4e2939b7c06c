import { useSignalEffect } from '@preact/signals';
import { answer, show, trouble } from './reading.js';
import { scene } from './sketch.js';
import { Sketchpad } from './Sketchpad.js';

export function DrawView() {
  useSignalEffect(() => show(scene.value));
  return (
    <>
      <h1>Draw</h1>
      <Sketchpad />
      <p>{trouble.value?.message}</p>
      <p id="answer">{answer.value && `${answer.value.status} ${answer.value.label} ${answer.value.milliseconds}`}</p>
    </>
  );
}
