/** A size for people: `300 bytes`, `12.5 KiB`, `64 MiB`. */
export const readableBytes = (bytes: number): string => {
  if (bytes < 1_024) return `${bytes} bytes`;
  const [size, unit] = bytes < 1_024 * 1_024 ? [bytes / 1_024, 'KiB'] : [bytes / 1_024 / 1_024, 'MiB'];
  return `${Number(size.toFixed(1))} ${unit}`;
};
