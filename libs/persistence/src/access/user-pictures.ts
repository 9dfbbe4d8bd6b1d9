import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** A picture of a user. */
export interface UserPicture {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Stores a picture in place of the one before, or with null removes it; answers with its digest. */
export const saveUserPicture = (manager: EntityManager, userId: string, picture: UserPicture | null): Promise<string | null> =>
  manager.transaction(async (transaction) => {
    const digest = picture && createHash('sha256').update(picture.bytes).digest('hex').slice(0, 16);
    await transaction.query('update access.user_account set picture = $2, updated_at = now() where id = $1', [userId, digest]);
    await transaction.query('delete from access.user_picture where user_id = $1', [userId]);
    if (picture) {
      const { mediaType, bytes } = picture;
      await transaction.query('insert into access.user_picture (user_id, media_type, bytes) values ($1, $2, $3)', [
        userId,
        mediaType,
        bytes,
      ]);
    }
    return digest;
  });

/** The picture of a user; null: there is none. */
export const readUserPicture = async (manager: EntityManager, userId: string): Promise<UserPicture | null> => {
  const [row] = await manager.query<UserPicture[]>('select media_type as "mediaType", bytes from access.user_picture where user_id = $1', [
    userId,
  ]);
  return row ?? null;
};
