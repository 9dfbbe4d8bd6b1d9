import { Metadata, status } from '@grpc/grpc-js';
import { callUnary, channelSecurity, processRpc, type TlsFiles } from '@orderlines/rpc';

/** What the public gRPC door answers to whoever shows this token and wants to list processes. */
export const listingByGrpc = async (address: string, token: string, files?: TlsFiles): Promise<status> => {
  const { credentials, options } = channelSecurity(files);
  const client = new processRpc.ProcessServiceClient(address, credentials, options);
  const metadata = new Metadata();
  if (token !== '') metadata.set('authorization', `Bearer ${token}`);
  const request = { namespace: '', name: '', pageSize: 0, pageToken: '' };
  try {
    await callUnary(client, client.listProcesses, request, { deadlineMs: 5_000, metadata });
    return status.OK;
  } catch (error) {
    return (error as { code: status }).code;
  } finally {
    client.close();
  }
};
