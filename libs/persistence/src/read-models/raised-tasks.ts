/**
 * True of an execution `t` of a run `i` whose failure ended the run, or is going to: from each of them it can go on. That is one node of a
 * flow; of a dag that is the root it is every node that failed, as long as the dag runs or can be opened again.
 */
export const HAS_RAISED = `(t.status = 'FAILURE' and t.kind = 'node' and (
  t.id = (i.state #>> '{ended,raised,execution,id}')::uuid
  or (t.parent_id is null and t.waits_for is null
    and (i.state #> '{ended,halted}' is not null or (i.phase = 'body' and i.state #> '{scopes,0,graph}' is not null))
    and exists (select from definition.process_version v
      where v.id = i.process_version_id and v.document -> 'flow' @> jsonb_build_array(jsonb_build_object('id', t.node_id))))))`;
