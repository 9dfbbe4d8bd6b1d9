import { MAX_PICTURE_BYTES, PICTURE_TYPES } from '@orderlines/contracts';
import { RequestRefused } from '../problems/request-refused.js';

type PictureType = (typeof PICTURE_TYPES)[number];

/** The first bytes of each type; what a client says of it does not count. */
const BEGINNINGS: readonly (readonly [PictureType, (bytes: Buffer) => boolean])[] = [
  ['image/png', (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))],
  ['image/webp', (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'],
];

/** What a picture is by its first bytes; refuses everything that browsers could run, and what is too large. */
export const pictureType = (bytes: Buffer): PictureType => {
  const type = BEGINNINGS.find(([, begins]) => begins(bytes))?.[0];
  if (type === undefined) throw new RequestRefused('user.picture-type', `A picture is one of ${PICTURE_TYPES.join(', ')}.`, 422);
  if (bytes.length > MAX_PICTURE_BYTES) throw new RequestRefused('user.picture-too-large', 'A picture may have 256 KiB.', 413);
  return type;
};
