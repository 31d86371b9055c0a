using SaltActors.Core.Functions;
using SaltActors.Core.Values;

namespace SaltActors.Modules.Tests.Introspection;

public sealed class SysModuleSpecs
{
    private static readonly FunctionSpec[] Others =
    [
        Spec(FunctionKind.State, "file.managed"), Spec(FunctionKind.State, "pkg.installed"),
        Spec(FunctionKind.Runner, "jobs.active"), Spec(FunctionKind.Runner, "manage.up"), Spec(FunctionKind.Returner, "local.returner"),
    ];

    private readonly Calls _calls = new() { Functions = new([.. DeclaredFunctions.All.Where(f => f.Kind == FunctionKind.Execution), .. Others]) };

    [Fact]
    public async Task Shows_documentation_of_functions_modules_and_patterns()
    {
        Assert.StartsWith("\n    Answers ``True``", ((MapValue)await _calls.Answer("sys.doc", "test.ping")).TextOf("test.ping"), StringComparison.Ordinal);
        Assert.Equal(MapValue.Empty, await _calls.Answer("sys.doc", "nope.nope"));
        Assert.DoesNotContain("sysctl.get", ((MapValue)await _calls.Answer("sys.doc", "sys")).Keys.Select(k => k.ToString()));
        Assert.Contains("sysctl.get", ((MapValue)await _calls.Answer("sys.doc", "sys*", "test.ping")).Keys.Select(k => k.ToString()));
        Assert.Equal(_calls.Functions.OfKind(FunctionKind.Execution).Count(), ((MapValue)await _calls.Answer("sys.doc")).Count);
    }

    [Fact]
    public async Task Every_declared_function_has_documentation_with_an_example()
    {
        var docs = (MapValue)await new Calls().Answer("sys.doc");
        var silent = docs.Where(d => d.Key.AsText()!.Split('.')[0] is "test" or "cmd" or "sys" or "saltutil" or "config" && !d.Value.ToString().Contains("CLI Example:", StringComparison.Ordinal));
        Assert.Empty(silent.Select(d => d.Key.ToString()));
    }

    [Fact]
    public async Task Shows_parameters()
    {
        Assert.Equal("{'test.sleep': {'args': ['length'], 'defaults': None, 'varargs': None, 'kwargs': None}}", (await _calls.Answer("sys.argspec", "test.sleep")).ToString());
        Assert.Equal("{'test.try': {'args': ['module', 'return_try_exception'], 'defaults': [False], 'varargs': None, 'kwargs': True}}", (await _calls.Answer("sys.argspec", "test.try")).ToString());
        Assert.Equal("{'test.arg': {'args': None, 'defaults': None, 'varargs': True, 'kwargs': True}}", (await _calls.Answer("sys.argspec", "test.arg")).ToString());
    }

    [Theory]
    [InlineData("cmd.run", "cmd cwd stdin runas group shell python_shell env clean_env template rstrip umask output_encoding output_loglevel log_callback hide_output timeout reset_system_locale ignore_retcode saltenv use_vt bg password encoded_cmd raise_err prepend_path success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.shell", "cmd cwd stdin runas group shell env clean_env template rstrip umask output_encoding output_loglevel log_callback hide_output timeout reset_system_locale ignore_retcode saltenv use_vt bg password prepend_path success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.run_stdout", "cmd cwd stdin runas group shell python_shell env clean_env template rstrip umask output_encoding output_loglevel log_callback hide_output timeout reset_system_locale ignore_retcode saltenv use_vt password prepend_path success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.run_all", "cmd cwd stdin runas group shell python_shell env clean_env template rstrip umask output_encoding output_loglevel log_callback hide_output timeout reset_system_locale ignore_retcode saltenv use_vt redirect_stderr password encoded_cmd prepend_path success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.retcode", "cmd cwd stdin runas group shell python_shell env clean_env template umask output_encoding output_loglevel log_callback timeout reset_system_locale ignore_retcode saltenv use_vt password success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.script", "source args cwd stdin runas group shell python_shell env template umask output_encoding output_loglevel log_callback hide_output timeout reset_system_locale saltenv use_vt bg password success_retcodes success_stdout success_stderr")]
    [InlineData("cmd.run_bg", "cmd cwd runas group shell python_shell env clean_env template umask output_encoding output_loglevel log_callback timeout reset_system_locale ignore_retcode saltenv password prepend_path success_retcodes success_stdout success_stderr")]
    [InlineData("config.get", "key default delimiter merge omit_opts omit_pillar omit_master omit_grains")]
    [InlineData("saltutil.refresh_pillar", "wait timeout clean_cache")]
    public async Task Keeps_the_parameters_of_salt_in_their_order(string function, string expected) =>
        Assert.Equal(expected, string.Join(' ', ((MapValue)await _calls.Answer("sys.argspec", function)).MapOf(function).ListOf("args").Items));

    [Fact]
    public async Task Lists_functions_and_modules_sorted()
    {
        Assert.Equal(["test.arg"], Texts(await _calls.Answer("sys.list_functions", "test.arg")));
        Assert.Equal([], Texts(await _calls.Answer("sys.list_functions", "test.ar")));
        Assert.Equal(["test.arg", "test.arg_clean", "test.arg_repr", "test.arg_type"], Texts(await _calls.Answer("sys.list_functions", "test.arg*")));
        Assert.Equal(["sys", "sysctl", "system", "test"], Texts(await _calls.Answer("sys.list_modules", "test", "s[xy]*")));
        Assert.Contains("config", Texts(await _calls.Answer("sys.list_modules")));
    }

    [Theory]
    [InlineData("sys.list_state_functions", "file.managed pkg.installed")]
    [InlineData("sys.list_state_modules", "file pkg")]
    [InlineData("sys.list_runner_functions", "jobs.active manage.up")]
    [InlineData("sys.list_runners", "jobs manage")]
    [InlineData("sys.list_returner_functions", "local.returner")]
    [InlineData("sys.list_returners", "local")]
    public async Task Lists_the_other_kinds(string function, string expected) =>
        Assert.Equal(expected.Split(' '), Texts(await _calls.Answer(function)));

    [Theory]
    [InlineData("sys.state_doc", "file.managed")]
    [InlineData("sys.runner_doc", "jobs.active")]
    [InlineData("sys.returner_doc", "local.returner")]
    [InlineData("sys.state_argspec", "file.managed")]
    [InlineData("sys.runner_argspec", "jobs.active")]
    [InlineData("sys.returner_argspec", "local.returner")]
    public async Task Describes_the_other_kinds(string function, string name) =>
        Assert.Equal([name], ((MapValue)await _calls.Answer(function, name.Split('.')[0])).Keys.Select(k => k.ToString()));

    private static FunctionSpec Spec(FunctionKind kind, string name) => new(kind, name, "doc", [], null, (_, _) => new(Value.Null));
    private static IEnumerable<string> Texts(Value list) => ((ListValue)list).Items.Select(i => i.ToString());
}
