import { Pad } from './Pad.js';
import { Tools } from './Tools.js';

/** The pad with its tools. */
export function Sketchpad() {
  return (
    <section class="pad" aria-label="Drawing">
      <Pad />
      <Tools />
    </section>
  );
}
