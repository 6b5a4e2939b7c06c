import { useSignalEffect } from '@preact/signals';
import { Answers } from './Answers.js';
import { Correct } from './Correct.js';
import { Corrections } from './Corrections.js';
import { answer, show, trouble } from './reading.js';
import { changedAt, scene } from './sketch.js';
import { Sketchpad } from './Sketchpad.js';
import { Stages } from './Stages.js';
import './draw.css';

export function DrawView() {
  useSignalEffect(() => show(scene.value, changedAt()));
  return (
    <>
      <h1 class="draw-title">Draw a digit, and the network opens</h1>
      <div class="draw-desk">
        <div class="draw-left">
          <Sketchpad />
        </div>
        <div class="draw-right">
          <Answers answer={answer.value} />
          <Correct />
          <Corrections />
          {trouble.value && <p role="alert">{trouble.value.message}</p>}
        </div>
      </div>
      <Stages />
    </>
  );
}
