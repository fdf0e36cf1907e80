// What answered, and what that took where its provider says so. Quiet: it is there for who looks.
import type { MessageMetadata, TurnUsage } from '@shared/chat.ts'
import { formatDollars, formatNumber } from '@/lib/format.ts'

export function AnswerLine({ metadata }: { metadata: MessageMetadata | undefined }) {
  const { model, usage } = metadata ?? {}
  if (!model) return null
  const facts = [model.name, ...usage ? usageFacts(usage) : []]
  return (
    <p className='min-w-0 px-1 text-xs text-muted [overflow-wrap:anywhere] first:pl-0'>
      {facts.join(' · ')}
    </p>
  )
}

export function usageFacts({ input_tokens, output_tokens, cost_usd }: TurnUsage): string[] {
  const tokens = [
    input_tokens !== undefined && `${formatNumber(input_tokens)} tokens read`,
    output_tokens !== undefined && `${formatNumber(output_tokens)} written`,
  ].filter((fact) => fact !== false)
  return [
    ...tokens.length > 0 ? [tokens.join(', ')] : [],
    ...cost_usd !== undefined ? [formatDollars(cost_usd)] : [],
  ]
}
