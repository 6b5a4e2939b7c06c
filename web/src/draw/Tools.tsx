import { Icon } from './icons.js';
import { tipWidth, tool, WIDTHS } from './padSettings.js';
import { blank, canRedo, canUndo, clear, redo, undo } from './sketch.js';

const tools = { pen: 'Pen', eraser: 'Eraser' } as const;

/** The way back, pen or eraser, and how wide its tip is. */
export function Tools() {
  return (
    <div class="pad-tools">
      <div class="pad-group" role="group" aria-label="History">
        <Tool icon="undo" name="Undo" keys="Ctrl+Z" disabled={!canUndo.value} act={undo} />
        <Tool icon="redo" name="Redo" keys="Ctrl+Y" disabled={!canRedo.value} act={redo} />
        <Tool icon="clear" name="Clear" keys="Delete" disabled={blank.value} act={clear} />
      </div>
      <div class="pad-group" role="group" aria-label="Tool">
        {Object.entries(tools).map(([icon, name]) => (
          <Tool
            key={icon}
            icon={icon as keyof typeof tools}
            name={name}
            pressed={tool.value === icon}
            act={() => (tool.value = icon as keyof typeof tools)}
          />
        ))}
      </div>
      <label class="pad-width">
        <span>Width</span>
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

interface ToolProps {
  readonly icon: 'undo' | 'redo' | 'clear' | 'pen' | 'eraser';
  readonly name: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly act: () => void;
}

function Tool({ icon, name, keys, disabled = false, pressed, act }: ToolProps) {
  return (
    <button
      type="button"
      class="pad-tool"
      aria-label={name}
      title={keys === undefined ? name : `${name} (${keys})`}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}
