// Placeholder until the screen is written.
import { Page } from '@/ui/page.tsx'

export function AnalyticsPage() {
  return <Page title='Usage'>{null}</Page>
}
