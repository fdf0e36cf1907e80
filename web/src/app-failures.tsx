// What is shown where there is no page, and where one broke.
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { ButtonLink } from './ui/button.tsx'
import { EmptyState, FailedState } from './ui/empty-state.tsx'

export function NotFound() {
  return (
    <EmptyState
      icon={<Compass aria-hidden />}
      title='There is nothing at this address'
      action={
        <ButtonLink>
          <Link to='/chat'>Go to chat</Link>
        </ButtonLink>
      }
    >
      The link may be old, or it belongs to another team.
    </EmptyState>
  )
}

/** A chunk that is gone after an update is the usual cause: loading the page again cures it. */
export function RouteFailed({ error }: ErrorComponentProps) {
  console.error(error)
  return (
    <FailedState
      title='This page could not be shown'
      error={new Error(
        navigator.onLine
          ? 'Load it again; if that does not help, tell whoever runs Astra.'
          : 'You are offline, and it has not been opened on this device before.',
      )}
      onRetry={() => location.reload()}
    />
  )
}
