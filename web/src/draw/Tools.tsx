import { tipWidth, tool, WIDTHS } from './padSettings.js';
import { blank, canRedo, canUndo, clear, redo, undo } from './sketch.js';

/** Pen or eraser, its width, and the way back. */
export function Tools() {
  return (
    <div class="pad-tools">
      <div class="pad-group" role="group" aria-label="History">
        <button type="button" class="pad-button" disabled={!canUndo.value} onClick={undo}>
          Undo
        </button>
        <button type="button" class="pad-button" disabled={!canRedo.value} onClick={redo}>
          Redo
        </button>
        <button type="button" class="pad-button" disabled={blank.value} onClick={clear}>
          Clear
        </button>
      </div>
      <div class="pad-group" role="group" aria-label="Tool">
        {(['pen', 'eraser'] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="pad-button"
            aria-pressed={tool.value === name}
            onClick={() => (tool.value = name)}
          >
            {name === 'pen' ? 'Pen' : 'Eraser'}
          </button>
        ))}
      </div>
      <label class="pad-width">
        Width
        <input
          type="range"
          min={WIDTHS.least}
          max={WIDTHS.most}
          step={1}
          value={tipWidth.value}
          aria-valuetext={`${tipWidth.value} percent of the pad`}
          onInput={({ currentTarget }) => (tipWidth.value = Number(currentTarget.value))}
        />
      </label>
    </div>
  );
}
