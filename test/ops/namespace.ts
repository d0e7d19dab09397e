/** A namespace of Temporal for the roles of one test. */
import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../campaigns/search-attributes';
import { createLogger } from '../../config/logger';
import { testTemporalAddress } from '../support/servers';

export async function newNamespace(): Promise<string> {
  const name = `observed-${randomUUID()}`;
  const connection = await Connection.connect({ address: testTemporalAddress() });
  await connection.workflowService.registerNamespace({
    namespace: name,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await registerSearchAttributes(connection, name, createLogger('test', 'silent'));
  await connection.close();
  return name;
}
