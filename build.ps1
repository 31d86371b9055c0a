# Builds, tests and publishes SaltActors. Runs in PowerShell 7; plain on purpose: only the core cmdlets and .NET itself.
#   ./build.ps1                 everything: build, test, publish into artifacts/
#   ./build.ps1 -Target Publish the programs, systemd units and default configuration into artifacts/
#   ./build.ps1 -Target Test    what CI runs
param(
  [ValidateSet('All', 'Build', 'Test', 'Publish')]
  [string] $Target = 'All',
  [string] $Configuration = 'Release',
  [string] $Runtime = 'linux-x64',
  [string] $Output = 'artifacts'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
[Environment]::CurrentDirectory = $PSScriptRoot
$out = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, $Output))

function Say([string] $text) { [Console]::Out.WriteLine($text) }

function Invoke-DotNet {
  Say "dotnet $($args -join ' ')"
  & dotnet @args
  if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) ended with $LASTEXITCODE" }
}

function Build { Invoke-DotNet build ([IO.Path]::Combine($PSScriptRoot, 'SaltActors.sln')) -c $Configuration --nologo -v quiet }

function Test { Invoke-DotNet test ([IO.Path]::Combine($PSScriptRoot, 'SaltActors.sln')) -c $Configuration --nologo }

# One native file with every name of Salt's commands, and the master beside it.
function Publish {
  $bin = [IO.Path]::Combine($out, 'bin')
  $master = [IO.Path]::Combine($out, 'lib', 'salt-master')
  [void][IO.Directory]::CreateDirectory($bin)
  Invoke-DotNet publish ([IO.Path]::Combine($PSScriptRoot, 'src', 'Hosts', 'Salt', 'Salt.csproj')) -c $Configuration -r $Runtime -o $bin --nologo -v quiet
  Invoke-DotNet publish ([IO.Path]::Combine($PSScriptRoot, 'src', 'Hosts', 'Master', 'Master.csproj')) -c $Configuration -r $Runtime --self-contained false -o $master --nologo -v quiet

  'salt-call', 'salt-minion', 'salt-key', 'salt-run', 'salt-cp' | ForEach-Object {
    $link = [IO.Path]::Combine($bin, $_)
    if ([IO.File]::Exists($link)) { [IO.File]::Delete($link) }
    [void][IO.File]::CreateSymbolicLink($link, 'salt')
  }
  $link = [IO.Path]::Combine($bin, 'salt-master')
  if ([IO.File]::Exists($link)) { [IO.File]::Delete($link) }
  [void][IO.File]::CreateSymbolicLink($link, '../lib/salt-master/salt-master')

  Copy-Folder ([IO.Path]::Combine($PSScriptRoot, 'packaging', 'systemd')) ([IO.Path]::Combine($out, 'systemd'))
  Copy-Folder ([IO.Path]::Combine($PSScriptRoot, 'packaging', 'config')) ([IO.Path]::Combine($out, 'etc', 'salt'))
  Copy-Folder ([IO.Path]::Combine($PSScriptRoot, 'packaging', 'completion')) ([IO.Path]::Combine($out, 'completion'))
  Say "published into $out"
}

function Copy-Folder([string] $from, [string] $to) {
  [void][IO.Directory]::CreateDirectory($to)
  [IO.Directory]::GetFiles($from) | ForEach-Object { [IO.File]::Copy($_, [IO.Path]::Combine($to, [IO.Path]::GetFileName($_)), $true) }
}

if ($Target -eq 'Build' -or $Target -eq 'All') { Build }
if ($Target -eq 'Test' -or $Target -eq 'All') { Test }
if ($Target -eq 'Publish' -or $Target -eq 'All') { Publish }
