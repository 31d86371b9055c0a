using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SaltActors.Actors.Master.Access;
using SaltActors.Core.Values;

namespace SaltActors.Actors.Tests.Master.Access;

/// <summary>Against a real directory server, started here on a free port.</summary>
public sealed class LdapAuthenticatorSpecs : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _server;

    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SALT_SYSTEM_TESTS") != "1") return;
        Directory.CreateDirectory(_folder.Under("data"));
        await File.WriteAllTextAsync(_folder.Under("slapd.conf"), $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/nis.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {_folder.Under("pid")}
            database mdb
            suffix "dc=example,dc=org"
            rootdn "cn=admin,dc=example,dc=org"
            rootpw adminpw
            directory {_folder.Under("data")}
            """);
        await File.WriteAllTextAsync(_folder.Under("people.ldif"), """
            dn: dc=example,dc=org
            objectClass: dcObject
            objectClass: organization
            o: Example
            dc: example

            dn: ou=people,dc=example,dc=org
            objectClass: organizationalUnit
            ou: people

            dn: ou=Groups,dc=example,dc=org
            objectClass: organizationalUnit
            ou: Groups

            dn: uid=ann,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: ann
            cn: Ann
            sn: Example
            userPassword: open sesame

            dn: uid=bob,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: bob
            cn: Bob
            sn: Example
            userPassword: bobpw

            dn: cn=ops,ou=Groups,dc=example,dc=org
            objectClass: posixGroup
            cn: ops
            gidNumber: 5000
            memberUid: ann
            """);
        await SystemProgram.Run("/usr/sbin/slapadd", ["-f", _folder.Under("slapd.conf"), "-l", _folder.Under("people.ldif")]);
        _server = Process.Start(new ProcessStartInfo("/usr/sbin/slapd", ["-f", _folder.Under("slapd.conf"), "-h", $"ldap://127.0.0.1:{_port}", "-d", "0"]))!;
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_server.HasExited && !await IsReached()) await every.WaitForNextTickAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        _server?.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsReached()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<VouchedUser?> Check(string user, string password, params (string, Value)[] options) => new LdapAuthenticator(LdapSettings.From(MapValue.Of(
        ("auth.ldap.server", "127.0.0.1"), ("auth.ldap.port", _port), ("auth.ldap.basedn", "dc=example,dc=org"),
        ("auth.ldap.binddn", "cn=admin,dc=example,dc=org"), ("auth.ldap.bindpw", "adminpw"), ("auth.ldap.filter", "uid={{ username }}"))
        .Over(MapValue.Of(options)))).CheckAsync(new Login(user, password, MapValue.Empty), MapValue.Empty);

    [SystemFact]
    public async Task Finds_the_entry_and_believes_who_opens_it()
    {
        var ann = await Check("ann", "open sesame");
        Assert.Equal("ann", ann?.Name);
        Assert.Equal(["ops"], ann!.Groups.AsEnumerable());
        Assert.Empty((await Check("bob", "bobpw"))!.Groups);
        Assert.Null(await Check("ann", "wrong"));
        Assert.Null(await Check("ann", ""));
        Assert.Null(await Check("nobody", "open sesame"));
        Assert.Null(await Check("*", "open sesame"));
        Assert.Null(await Check("ann)(uid=*", "open sesame"));
    }

    [SystemFact]
    public async Task Opens_the_entry_that_the_name_makes()
    {
        (string, Value)[] own = [("auth.ldap.binddn", "uid={{ username }},ou=people,dc=example,dc=org"), ("auth.ldap.filter", "")];
        Assert.Equal("ann", (await Check("ann", "open sesame", own))?.Name);
        Assert.Null(await Check("ann", "bobpw", own));
        Assert.Null(await Check("ann,ou=people", "open sesame", own));
    }

    [SystemFact]
    public async Task What_is_not_set_up_is_said_to_the_operator()
    {
        Assert.Contains("auth.ldap.binddn", (await Assert.ThrowsAsync<AuthenticatorBroken>(() => Check("ann", "open sesame", ("auth.ldap.bindpw", "wrong")))).Message);
        Assert.Contains("auth.ldap.filter", (await Assert.ThrowsAsync<AuthenticatorBroken>(() => Check("ann", "open sesame", ("auth.ldap.filter", "")))).Message);
        await Assert.ThrowsAsync<AuthenticatorBroken>(() => Check("ann", "open sesame", ("auth.ldap.port", 1)));
    }
}
