import { NetworkPanel } from '../network/NetworkPanel.js';
import { Answers } from './Answers.js';
import { Correct } from './Correct.js';
import { Corrections } from './Corrections.js';
import { ModelChoice } from './ModelChoice.js';
import { trouble } from './reading.js';
import { Sketchpad } from './Sketchpad.js';
import { Stages } from './Stages.js';
import type { TestDigitSource } from './testDigits.js';
import { useReadings } from './useReadings.js';
import './draw.css';

/** MNIST's, where this browser keeps them. Loaded when they are asked for. */
const testDigits: TestDigitSource = async () => (await import('../storage/datasets.js')).testDigits();

/** Draw, and see what the network makes of it. */
export function DrawView() {
  useReadings();
  return (
    <>
      <h1 class="draw-title">Draw a digit, and the network opens</h1>
      <div class="draw-desk">
        <Sketchpad testDigits={testDigits} />
        <section class="draw-answer" aria-label="Answer">
          <Answers />
          <Correct />
          <Corrections />
          <ModelChoice />
          {trouble.value && (
            <p class="draw-trouble" role="alert">
              {trouble.value.message}
            </p>
          )}
        </section>
      </div>
      <Stages />
      <NetworkPanel />
    </>
  );
}
