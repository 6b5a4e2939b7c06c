import { type Kind, type OptionTable, type OptionValues } from '../numeric/options.js';

/**
 * Configurations: layers, initializers, losses, optimizers and so on as plain JSON, for model files and run folders.
 * Each has a `config`, its type and its options; the function of that name, given these options, makes it again.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Config {
  readonly type: string;
  readonly [option: string]: Json;
}

export interface Configured<C extends Json = Config> {
  readonly config: C;
}

interface FactoryMethod<T> {
  create(options: object): T;
}
/**
 * A function from options to a T. A method's type, since those of narrower options fit it: options that come from a
 * file have no type, and every factory checks what it is given.
 */
export type Factory<T> = FactoryMethod<T>['create'];

/** How one of a family is given: made by its function, by name with default options, or as its configuration. */
export type Like<T, N extends string> = T | N | (Config & { readonly type: N });

/** A type and the values of its options as JSON; options without a value are left out. */
export function configOf<T extends OptionTable>(type: string, values: OptionValues<T>): Config {
  const options = Object.entries<unknown>(values).filter(([, value]) => value !== undefined);
  return { type, ...Object.fromEntries(options.map(([name, value]) => [name, toJson(value)])) };
}

function toJson(value: unknown): Json {
  if (typeof value === 'object' && value !== null && 'config' in value) return toJson(value.config);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  throw new TypeError(`${typeof value} is no JSON`);
}

/**
 * The kind of value that is one of a family, such as the initializers: see `Like`.
 * @param method the method by which one that the user wrote is recognized
 */
export function family<T extends Configured<Json>>(
  factories: Readonly<Record<string, Factory<T>>>,
  method: keyof T & string,
): Kind<T> {
  const names = Object.keys(factories);
  const isMember = (value: object): value is T => 'config' in value && method in value;
  return {
    allowed: `one of ${names.map((name) => `"${name}"`).join(', ')}`,
    names,
    read(value) {
      if (typeof value === 'object' && value !== null && isMember(value)) return value;
      const config: unknown = typeof value === 'string' ? { type: value } : value;
      if (typeof config !== 'object' || config === null || !('type' in config)) return undefined;
      const { type, ...options } = config;
      return names.includes(String(type)) ? factories[String(type)]!(options) : undefined;
    },
  };
}
