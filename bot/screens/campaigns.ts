/** The list of campaigns, newest first. */
import type { CampaignStatus } from '../../campaigns/contract';
import { doneCount } from '../../domain/story/ledger';
import { buttonData } from '../../clients/telegram-buttons';
import { pageOf, pagerRow, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';
import { campaignButton, STATE_SIGNS } from './campaign-progress';

const PAGE_SIZE = 7;

export function renderCampaigns(campaigns: readonly CampaignStatus[], wanted: number, texts: Texts): Screen {
  const page = pageOf(campaigns, wanted, PAGE_SIZE);
  return {
    html: texts.html(campaigns.length > 0 ? 'campaigns.title' : 'campaigns.none', { count: campaigns.length }),
    keyboard: [
      ...page.items.map((status) => [campaignButton(status.id, 'open', labelOf(status))]),
      ...pagerRow(page, (number) => buttonData('campaigns', number)),
      [{ text: texts.plain('buttons.new'), data: buttonData('menu', 'new') }],
    ],
  };
}

function labelOf({ name, state, ledger }: CampaignStatus): string {
  const counts = ledger.total > 0 ? ` · ${doneCount(ledger) - ledger.skipped}/${ledger.total - ledger.skipped}` : '';
  return `${STATE_SIGNS[state]} ${shorten(name, 45)}${counts}`;
}
