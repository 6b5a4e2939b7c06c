import { wasmBackend } from '../../engine/wasm/backend.js';
import { recipeModel } from '../../train/runRecipe.js';
import type { OptionValues } from '../arguments.js';
import { describe, titleOf } from '../datasetView.js';
import { interruptSignal } from '../interrupt.js';
import { nextCommand, resumeCommand } from '../invocation.js';
import { loadData } from '../loadData.js';
import { backendOptions, type trainOptions } from '../options.js';
import { chosenRecipe } from '../recipeChoice.js';
import { openResumption, resumeRun } from '../resume.js';
import type { Output } from '../terminal/output.js';
import { counted, grouped, wrapped } from '../terminal/text.js';
import { showCalibration, showTestResult } from '../testResult.js';
import { beginRun, describePhase, testAndFinish, trainAndSave } from '../training.js';

export async function train(values: OptionValues<typeof trainOptions>, output: Output): Promise<void> {
  const started = performance.now();
  if (values['print-recipe'] && values.resume === undefined) {
    const { written } = await chosenRecipe(values);
    process.stdout.write(`${JSON.stringify(written, undefined, 2)}\n`);
    return;
  }
  const signal = interruptSignal(output);
  await using resumption = values.resume === undefined ? undefined : await openResumption(values.resume, values);
  const { recipe, seed } = resumption ?? { ...(await chosenRecipe(values)), seed: values.seed ?? 1 };
  const choice = resumption ? { ...values, dataset: resumption.dataset } : values;
  const resolved = await loadData(choice, resumption ? resumption.limit : values.limit, output, { signal });
  const { dataset, notice } = resolved;
  const backend = backendOptions({ ...values, numerics: values.numerics ?? resumption?.numerics });
  await using model = recipeModel(recipe, () => wasmBackend(backend), seed);

  const { notes, result } = output;
  const { style } = notes;
  notes.line(`Recipe ${style.bold(recipe.name)}, seed ${seed}: ${recipe.phases.map(describePhase).join(', then ')}.`);
  notes.line(
    `${describe(dataset)}: ${grouped(dataset.train.labels.length)} training and ${counted(dataset.test.labels.length, 'test image')}.`,
  );
  notes.line(`${counted(model.backend.threads, 'thread')}, ${model.backend.numerics} numerics.`);

  const cadence = { everySteps: values['checkpoint-steps'] };
  const parts = { recipe, resolved, model };
  const folder = resumption
    ? await resumeRun(resumption, parts, started, cadence, output)
    : await beginRun(parts, values.out, started, cadence);
  notes.line();
  const resume = resumeCommand(folder.place, values);
  const request = { ...parts, folder, resume, output, page: notes, signal };
  const calibration = await trainAndSave(request);
  const test = await testAndFinish(request, calibration);
  notes.line();
  showTestResult(result, test, `test images of ${titleOf(dataset)}`, dataset.classNames);
  if (calibration) showCalibration(result, calibration);
  result.line();
  result.line(`  Weights   sha256 ${test.weightsSha256}`);
  result.line(`  Run       ${folder.place}`);
  if (notice !== undefined) {
    for (const text of wrapped(`Note: ${notice}`, result.width - 2)) result.line(`  ${result.style.warn(text)}`);
  }
  notes.line();
  notes.line(`Next: ${nextCommand(folder.place, 0, values)}`);
}
