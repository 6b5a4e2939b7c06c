/** The version of Cifra, as package.json has it: recorded in every run and model, since bits are promised within one. */
export const version = '0.1.0';
