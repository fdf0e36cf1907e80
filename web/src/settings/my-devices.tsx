// Where the person is told while the app is closed: a switch for this device, and the list of all of theirs.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Device } from '@shared/device.ts'
import { call } from '@/lib/call.ts'
import { type PushState, switchOff, switchOn, thisDevice } from '@/lib/push.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { FailedState } from '@/ui/empty-state.tsx'
import { Card } from '@/ui/page.tsx'
import { SkeletonList } from '@/ui/skeleton.tsx'
import { Time } from '@/ui/time.tsx'
import { toast } from '@/ui/toast.tsx'
import { pushQuery, pushStateQuery } from './device-queries.ts'
import { SwitchLine } from './switch-line.tsx'

export function MyDevices() {
  const { team_id } = useTeam()
  const push = useQuery(pushQuery(team_id))
  const here = useQuery(pushStateQuery)
  if (push.isPending || here.isPending) return <SkeletonList rows={1} className='h-24' />
  if (push.isError) {
    return (
      <FailedState
        title='Your devices could not be read'
        error={push.error}
        onRetry={() => void push.refetch()}
      />
    )
  }
  const { public_key, devices } = push.data
  if (!public_key) {
    return (
      <p className='text-sm text-muted'>
        Astra tells you of waiting calls while it is open. Whoever runs this Astra can set up push
        messages, so that it does when it is closed, too.
      </p>
    )
  }
  const mine = thisDevice()?.id
  const state = here.data === 'on' && !devices.some(({ id }) => id === mine) ? 'off' : here.data
  return (
    <>
      <Card className='px-4 py-3'>
        <ThisDevice state={state ?? 'unsupported'} public_key={public_key} />
      </Card>
      {devices.length > 0 && (
        <Card className='mt-3'>
          <ul aria-label='My devices'>
            {devices.map((device) => (
              <Item key={device.id} device={device} here={device.id === mine} />
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

const means: Record<PushState, string> = {
  on: 'You are told when a call waits for you or has ended, also while Astra is closed.',
  off: 'Be told when a call waits for you or has ended, also while Astra is closed.',
  blocked:
    'Your browser blocks notifications of Astra. Allow them in its settings for this site (the sign before the address), then come back here.',
  install_first:
    'On an iPhone or iPad, add Astra to the home screen first: Share, then “Add to Home Screen”. Open it there and switch this on.',
  unsupported: 'This browser cannot be told while Astra is closed.',
}

function ThisDevice({ state, public_key }: { state: PushState; public_key: string }) {
  const { team_id } = useTeam()
  const settled = useSettled()
  const turning = useMutation({
    mutationFn: (on: boolean) => on ? switchOn(team_id, public_key) : switchOff(),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: settled,
  })
  return (
    <SwitchLine
      label='Notifications on this device'
      checked={turning.isPending ? turning.variables : state === 'on'}
      disabled={turning.isPending || state !== 'on' && state !== 'off'}
      onChange={(on) => turning.mutate(on)}
    >
      {means[state]}
    </SwitchLine>
  )
}

function Item({ device: { id, label, created_at, reached_at }, here }: {
  device: Device
  here: boolean
}) {
  const { team_id } = useTeam()
  const settled = useSettled()
  const removing = useMutation({
    mutationFn: async () =>
      here ? await switchOff() : void await call('remove_device', { team_id, device_id: id }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: settled,
  })
  const testing = useMutation({
    mutationFn: () => call('test_device', { team_id, device_id: id }),
    onSuccess: ({ taken, message }) => toast({ tone: taken ? 'ok' : 'bad', text: message }),
    onError: (error) => toast({ tone: 'bad', text: error.message }),
    onSettled: settled,
  })
  return (
    <li className='flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0'>
      <div className='min-w-0 grow basis-48'>
        <h3 className='truncate text-base font-medium'>
          {label}
          {here && <span className='font-normal text-muted'>{' · this device'}</span>}
        </h3>
        <p className='text-sm text-muted'>
          Since <Time at={created_at} />
          {reached_at
            ? (
              <>
                , last told <Time at={reached_at} />
              </>
            )
            : ', not told anything yet'}
        </p>
      </div>
      <div className='flex flex-wrap gap-2'>
        <Button look='quiet' busy={testing.isPending} onClick={() => testing.mutate()}>
          Send a test<span className='sr-only'>{' '}to {label}</span>
        </Button>
        <Button busy={removing.isPending} onClick={() => removing.mutate()}>
          Remove<span className='sr-only'>{' '}{label}</span>
        </Button>
      </div>
    </li>
  )
}

/** Whatever was done, what is shown is what is. */
function useSettled() {
  const { team_id } = useTeam()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries(pushStateQuery),
      client.invalidateQueries(pushQuery(team_id)),
    ])
}
