using SaltActors.Actors.Master.Access;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Access;

public sealed class PamAuthenticatorSpecs
{
    private static async Task<VouchedUser?> Check(string user, string password, MapValue? load = null) =>
        await new PamAuthenticator("login").CheckAsync(new Login(user, password, load ?? MapValue.Empty), MapValue.Empty);

    [SystemFact]
    public async Task Believes_a_user_of_the_machine_with_his_password_until_he_is_locked()
    {
        var user = $"salt{Environment.ProcessId}";
        await SystemProgram.Run("useradd", ["--no-create-home", "--user-group", user]);
        try
        {
            await SystemProgram.Run("chpasswd", [], $"{user}:open sesame\n");
            Assert.Equal(user, (await Check(user, "open sesame"))?.Name);
            Assert.Contains(user, (await Check(user, "open sesame"))!.Groups);
            Assert.Null(await Check(user, "wrong"));
            Assert.Null(await Check(user, ""));
            Assert.Null(await Check("nosuchuser", "open sesame"));
            // Security cases 1.2: CVE-2016-3176, the caller does not choose the service.
            Assert.Null(await Check(user, "wrong", MapValue.Of(("service", "permit"))));
            // CVE-2022-22967: the password is right, the account is not open.
            await SystemProgram.Run("usermod", ["--expiredate", "1", user]);
            Assert.Null(await Check(user, "open sesame"));
        }
        finally
        {
            await SystemProgram.Run("userdel", [user]);
        }
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("root\0", "x")]
    [InlineData("root", "x\0y")]
    public async Task A_name_or_password_that_is_none_is_refused(string user, string password)
    {
        if (OperatingSystem.IsLinux()) Assert.Null(await Check(user, password));
    }
}
