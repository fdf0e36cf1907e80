// Markdown written by a model or a server: shown, never trusted. Remote images are not loaded (their address could
// carry a secret away), no HTML passes, links say where they go and open apart from the app.
import { Component, type ComponentProps, memo, type ReactNode, useRef } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import { ImageOff } from 'lucide-react'
import { harden } from 'rehype-harden'
import remarkGfm from 'remark-gfm'
import remend from 'remend'
import { CopyButton } from './copy-button.tsx'

type Plugins = ComponentProps<typeof ReactMarkdown>

const remarkPlugins: Plugins['remarkPlugins'] = [remarkGfm]
const rehypePlugins: Plugins['rehypePlugins'] = [
  [harden, {
    allowedLinkPrefixes: ['*'],
    allowedImagePrefixes: [],
    blockedImageClass: 'rounded-tag bg-surface px-1.5 text-sm text-muted',
  }],
]

const components: Components = {
  a: ({ href, children }) => (
    <a
      href={href}
      target='_blank'
      rel='noopener noreferrer nofollow'
      title={href}
      className='text-accent underline decoration-1 underline-offset-2'
    >
      {children}
    </a>
  ),
  img: ({ alt }) => (
    <span className='inline-flex items-center gap-1 rounded-tag bg-surface px-1.5 text-sm text-muted'>
      <ImageOff aria-hidden className='size-3.5' />
      {alt || 'Image'} (not loaded)
    </span>
  ),
  table: ({ children }) => (
    <div
      className='my-3 overflow-x-auto rounded-card border border-line'
      role='region'
      aria-label='Table'
      tabIndex={0}
    >
      <table className='w-full border-collapse text-sm'>{children}</table>
    </div>
  ),
  th: ({ children, style }) => (
    <th style={style} className='border-b border-line bg-surface px-3 py-2 text-left font-medium'>
      {children}
    </th>
  ),
  td: ({ children, style }) => (
    <td
      style={style}
      className='border-b border-line px-3 py-2 align-top [tr:last-child>&]:border-0'
    >
      {children}
    </td>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  code: ({ children, className }) => (
    <code
      className={className ??
        'rounded-tag bg-surface px-1 py-0.5 font-mono text-[0.875em] [pre_&]:bg-transparent [pre_&]:p-0'}
    >
      {children}
    </code>
  ),
}

type Props = {
  text: string /** Half-written markup is closed for show while more is on its way. */
  streaming?: boolean
}

export const Markdown = memo(function Markdown({ text, streaming }: Props) {
  return (
    <div className='markdown'>
      <OrPlain text={text}>
        <ReactMarkdown
          remarkPlugins={remarkPlugins}
          rehypePlugins={rehypePlugins}
          components={components}
        >
          {streaming ? remend(text, { linkMode: 'text-only', images: false }) : text}
        </ReactMarkdown>
      </OrPlain>
    </div>
  )
})

/** Markup nested thousands deep is more than the reader of it can hold: then the text stands as it came. */
class OrPlain extends Component<{ text: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    const { text, children } = this.props
    return this.state.failed ? <div className='whitespace-pre-wrap'>{text}</div> : children
  }
}

function CodeBlock({ children }: { children: ReactNode }) {
  const block = useRef<HTMLPreElement>(null)
  return (
    <div className='relative my-3'>
      <pre
        ref={block}
        tabIndex={0}
        className='overflow-x-auto rounded-card border border-line bg-surface p-3 pr-12 font-mono text-sm leading-relaxed'
      >
        {children}
      </pre>
      <CopyButton
        label='Copy code'
        text={() => block.current?.textContent ?? ''}
        className='absolute top-1 right-1 bg-surface hover:bg-surface'
      />
    </div>
  )
}
