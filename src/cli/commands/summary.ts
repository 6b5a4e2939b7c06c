import { Network } from '../../nn/index.js';
import type { OptionValues } from '../arguments.js';
import type { summaryOptions } from '../options.js';
import { chosenRecipe } from '../recipeChoice.js';
import type { Output } from '../terminal/output.js';

export async function summary(values: OptionValues<typeof summaryOptions>, output: Output): Promise<void> {
  const { recipe } = await chosenRecipe(values);
  const network = Network.fromConfig(recipe.network);
  const { parameters, trainable, nonTrainable, layers, ...rest } = network.summaryData();
  output.event('summary', { parameters, trainable, nonTrainable, layers, ...rest });
  output.result.line(network.summary());
}
