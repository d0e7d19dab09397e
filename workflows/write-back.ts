/** What the CRM gets to hear of an ended campaign: one activity, tried until it is through. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { WriteBackCounts } from '../domain/write-back';
import { writing } from './activities';

export async function writeBack(input: { campaignId: string }): Promise<WriteBackCounts> {
  const counts = await writing.writeBack.executeWithOptions({ summary: `campaign ${input.campaignId}` }, [input]);
  const lines = Object.entries(counts).map(
    ([kind, { written, refused, left }]) =>
      `- ${kind}: ${written} written, ${refused} refused, ${left} left as they are`,
  );
  setCurrentDetails(lines.join('\n') || 'nothing to write');
  return counts;
}
