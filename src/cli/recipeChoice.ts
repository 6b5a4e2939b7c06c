import { readFile } from 'node:fs/promises';
import { CifraError, nearest } from '../numeric/errors.js';
import { changeRecipe, type Recipe, type RecipeChanges, recipeFrom } from '../train/recipe.js';
import { recipes } from '../train/recipes/index.js';
import { UsageError } from './arguments.js';

interface RecipeValues {
  readonly recipe?: string | undefined;
  readonly epochs?: number | undefined;
  readonly 'batch-size'?: number | undefined;
  readonly 'learning-rate'?: number | undefined;
}

/**
 * The recipe that the options ask for: as it is written, for people, and complete, for training.
 * @throws CifraError if there is none of this name, or its file is wrong
 */
export async function chosenRecipe(values: RecipeValues): Promise<{ written: Recipe; recipe: Recipe }> {
  const given = values.recipe ?? 'seed';
  const place = Object.hasOwn(recipes, given) ? `The recipe ${given}` : `The recipe in ${given}`;
  const start = recipes[given] ?? (await readRecipe(given, place));
  const changes: RecipeChanges = {
    epochs: values.epochs,
    batchSize: values['batch-size'],
    learningRate: values['learning-rate'],
  };
  const written = changeRecipe(start, changes);
  return { written, recipe: recipeFrom(written, place) };
}

async function readRecipe(file: string, place: string): Promise<Recipe> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const names = Object.keys(recipes);
    const guess = nearest(file, names);
    throw new UsageError(
      'recipe-not-found',
      `--recipe must be one of ${names.join(', ')}, or a JSON file, but is "${file}": ${error instanceof Error ? error.message : String(error)}.`,
      guess === undefined
        ? 'cifra train --print-recipe > my-recipe.json writes a file to start from.'
        : `Did you mean "${guess}"?`,
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CifraError(
      'recipe-json',
      `${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`,
      'cifra train --print-recipe > my-recipe.json writes a file to start from.',
      { cause: error },
    );
  }
  recipeFrom(value, place);
  return value as Recipe;
}
