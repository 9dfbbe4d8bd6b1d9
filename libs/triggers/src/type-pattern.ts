/** Whether a type fits one of the patterns: `*` stands for one word, at the end of a pattern for any number of them. */
export const fitsType = (patterns: readonly string[], type: string): boolean => {
  const words = type.split('.');
  return patterns.some((pattern) => fits(pattern.split('.'), words));
};

const fits = (pattern: readonly string[], words: readonly string[]): boolean => {
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? words.length < pattern.length : words.length !== pattern.length) return false;
  return pattern.every((word, position) => word === '*' || word === words[position]);
};
