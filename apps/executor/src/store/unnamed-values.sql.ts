import type { Pool } from 'pg';

/**
 * Removes contents of ended runs that no row of theirs names: what a worker sent for a result that was never applied, and what was
 * made only for the answer to a claim. Contents are named by results, inputs and outputs as references, never inside other contents alone:
 * what expressions pass on is still named by the result it came from.
 */
export const removeUnnamedValues = async (pool: Pool): Promise<void> => {
  await pool.query(`
    delete from runtime.large_value v using (
      select p.id, content.sha256
        from runtime.process_instance p
        cross join lateral (select distinct l.sha256 from runtime.large_value l where l.process_instance_id = p.id) content
        cross join lateral (select '%' || encode(content.sha256, 'hex') || '%' as named) name
       where p.phase = 'done' and p.finished_at between now() - interval '7 days' and now() - interval '1 hour'
         and coalesce(p.outputs::text, '') not like name.named and p.variables::text not like name.named and p.params::text not like name.named
         and not exists (select from runtime.task_instance t where t.process_instance_id = p.id
           and (t.result::text like name.named or t.input::text like name.named or t.late_result::text like name.named))
         and not exists (select from runtime.task_attempt a where a.process_instance_id = p.id and a.result::text like name.named)
    ) unnamed where v.process_instance_id = unnamed.id and v.sha256 = unnamed.sha256`);
};
