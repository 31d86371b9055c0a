using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Master.Access;

/// <summary><c>pam</c>: the machine's own users, by the system's library. The account must be open too: a locked one is refused (CVE-2022-22967).</summary>
/// <param name="service">The PAM service (<c>auth.pam.service</c>). Never what a request asks for (CVE-2016-3176).</param>
public sealed unsafe partial class PamAuthenticator(string service) : IAuthenticator
{
    private const int Success = 0, ConversationError = 19, PromptHidden = 1, PromptShown = 2;

    [StructLayout(LayoutKind.Sequential)]
    private struct Conversation
    {
        public delegate* unmanaged<int, PamMessage**, PamResponse**, nint, int> Answer;
        public nint Password;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PamMessage
    {
        public int Style;
        public byte* Text;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PamResponse
    {
        public byte* Text;
        public int ReturnCode;
    }

    public string Name => "pam";

    // PAM may take its time, and holds its thread: one of its own for each login.
    public Task<VouchedUser?> CheckAsync(Login login, MapValue options) =>
        Task.Factory.StartNew(() => IsRight(login) ? new VouchedUser(login.User, Groups(login.User)) : null, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private bool IsRight(Login login)
    {
        if (login.User.Length == 0 || login.User.Contains('\0') || login.Password.Contains('\0')) return false;
        var password = Marshal.StringToCoTaskMemUTF8(login.Password);
        try
        {
            var conversation = new Conversation { Answer = &Answer, Password = password };
            if (Start(service, login.User, &conversation, out var pam) != Success) throw new AuthenticatorBroken($"external_auth: pam: the service '{service}' could not be started");
            var result = Authenticate(pam, 0);
            if (result == Success) result = AccountIsOpen(pam, 0);
            _ = End(pam, result);
            return result == Success;
        }
        catch (DllNotFoundException cause)
        {
            throw new AuthenticatorBroken("external_auth: pam: the system's libpam.so.0 is not installed", cause);
        }
        finally
        {
            Marshal.ZeroFreeCoTaskMemUTF8(password);
        }
    }

    // Every prompt is for the password; what PAM only tells is not answered. PAM frees what it is given, so it is made with its malloc.
    [UnmanagedCallersOnly]
    private static int Answer(int count, PamMessage** messages, PamResponse** responses, nint password)
    {
        if (count is <= 0 or > 32) return ConversationError;
        var answers = (PamResponse*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(PamResponse));
        for (var i = 0; i < count; i++)
            if (messages[i]->Style is PromptHidden or PromptShown)
            {
                var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)password);
                answers[i].Text = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
                text.CopyTo(new Span<byte>(answers[i].Text, text.Length));
            }
        *responses = answers;
        return Success;
    }

    private static ImmutableArray<string> Groups(string user)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var primary = SystemUsers.All().FirstOrDefault(u => u.Name == user)?.Group;
        foreach (var line in File.ReadLines("/etc/group", Encoding.UTF8))
            if (line.Split(':') is [var name, _, var id, var members] && (id == primary?.ToString(System.Globalization.CultureInfo.InvariantCulture) || members.Split(',').Contains(user)))
                found.Add(name);
        return found.ToImmutable();
    }

    [LibraryImport("libpam.so.0", EntryPoint = "pam_start", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Start(string service, string user, Conversation* conversation, out nint pam);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_authenticate")]
    private static partial int Authenticate(nint pam, int flags);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_acct_mgmt")]
    private static partial int AccountIsOpen(nint pam, int flags);

    [LibraryImport("libpam.so.0", EntryPoint = "pam_end")]
    private static partial int End(nint pam, int status);
}
