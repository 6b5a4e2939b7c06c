import { Pad } from './Pad.js';
import { Tools } from './Tools.js';

/** The pad with its tools. */
export function Sketchpad() {
  return (
    <div class="pad" role="group" aria-label="Drawing">
      <Pad />
      <Tools />
    </div>
  );
}
