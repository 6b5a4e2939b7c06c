import type { Recipe } from '../recipe.js';
import { seed } from './seed.js';

/** The recipes that come with Cifra. To add one, add its file and its line here. */
export const recipes: Readonly<Record<string, Recipe>> = { seed };
