import { readEnsembleRecord } from '../../runs/ensembles.node.js';
import type { OptionValues } from '../arguments.js';
import { titleOf } from '../datasetView.js';
import { trainEnsemble } from '../ensembleTraining.js';
import { interruptSignal } from '../interrupt.js';
import { nextCommand, resumeCommand } from '../invocation.js';
import { loadData } from '../loadData.js';
import { backendOptions, type trainOptions } from '../options.js';
import { chosenRecipe } from '../recipeChoice.js';
import { openResumption } from '../resume.js';
import type { Output } from '../terminal/output.js';
import { showCalibration, showNotice, showTestResult } from '../testView.js';
import { trainRun } from '../trainRun.js';

export async function train(values: OptionValues<typeof trainOptions>, output: Output): Promise<void> {
  const started = performance.now();
  const { resume } = values;
  if (values['print-recipe'] && resume === undefined) {
    const { written } = await chosenRecipe(values);
    process.stdout.write(`${JSON.stringify(written, undefined, 2)}\n`);
    return;
  }
  const isEnsemble = values.ensemble !== undefined || (resume !== undefined && (await readEnsembleRecord(resume)));
  if (isEnsemble) return trainEnsemble(values, started, output);
  const signal = interruptSignal(output);
  await using resumption = resume === undefined ? undefined : await openResumption(resume, values);
  const { recipe, seed } = resumption ?? { ...(await chosenRecipe(values)), seed: values.seed ?? 1 };
  const choice = resumption ? { ...values, dataset: resumption.dataset } : values;
  const resolved = await loadData(choice, resumption ? resumption.limit : values.limit, output, { signal });
  const { place, test, calibration } = await trainRun({
    ...{ recipe, seed, resolved, resumption, started, output, signal },
    backend: backendOptions({ ...values, numerics: values.numerics ?? resumption?.numerics }),
    out: values.out,
    cadence: { everySteps: values['checkpoint-steps'] },
    resume: (folder) => resumeCommand(folder, values),
    report: values['no-report'] !== true,
  });
  const { dataset, notice } = resolved;
  const { notes, result } = output;
  notes.line();
  showTestResult(result, test, `test images of ${titleOf(dataset)}`, dataset.classNames);
  if (calibration) showCalibration(result, calibration);
  result.line();
  result.line(`  Weights   sha256 ${test.weightsSha256}`);
  result.line(`  Run       ${place}`);
  if (test.report !== undefined) result.line(`  Report    ${test.report}`);
  showNotice(result, notice);
  notes.line();
  notes.line(`Next: ${nextCommand(place, 0, values)}`);
}
