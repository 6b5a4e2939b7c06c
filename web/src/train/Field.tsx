import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import type { NumberSetting } from './settings.js';

/** Fields of the form, each with its name, what it does, and what is wrong with it. */

interface NumberFieldProps {
  readonly name: string;
  readonly setting: NumberSetting;
  readonly about: ComponentChildren;
  /** What holds where nothing is written. */
  readonly usual?: string;
  readonly decimal?: boolean;
}

export function NumberField({ name, setting, about, usual, decimal }: NumberFieldProps) {
  const id = useId();
  const problem = setting.problem.value;
  return (
    <div class="train-field">
      <label for={id}>{name}</label>
      <input
        id={id}
        type="text"
        inputMode={decimal ? 'decimal' : 'numeric'}
        autocomplete="off"
        spellcheck={false}
        value={setting.text.value}
        placeholder={usual}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}about`}
        onInput={({ currentTarget }) => setting.write(currentTarget.value)}
      />
      <p id={`${id}about`} class={problem ? 'train-problem' : 'quiet'}>
        {problem ?? about}
      </p>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly setting: Signal<T>;
  readonly choices: Readonly<Record<T, string>>;
  readonly about: ComponentChildren;
}

export function Choice<T extends string>({ name, setting, choices, about }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="train-field">
      <label for={id}>{name}</label>
      <select
        id={id}
        value={setting.value}
        aria-describedby={`${id}about`}
        onChange={({ currentTarget }) => (setting.value = currentTarget.value as T)}
      >
        {Object.entries<string>(choices).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <p id={`${id}about`} class="quiet">
        {about}
      </p>
    </div>
  );
}
